/** What the provisioner asks of RDS. A cluster and an instance are asked the same questions. */

/** An Aurora cluster, or an RDS instance that is a server by itself. */
export type ServerKind = 'cluster' | 'instance';

/** A server by the name that RDS knows it by. */
export interface ServerName {
  readonly kind: ServerKind;
  readonly identifier: string;
}

/** Where a server listens: the writer, for a cluster. */
export interface Endpoint {
  /** Absent while the server is being created. */
  readonly host?: string;
  readonly port?: number;
}

export interface Rds {
  /** Undefined where there is no such server. */
  findEndpoint(server: ServerName): Promise<Endpoint | undefined>;
}
