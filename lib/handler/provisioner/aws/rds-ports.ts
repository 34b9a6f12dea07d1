import type { UnsupportedServer } from '../../../private/server/unsupported';

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

/** An instance of a cluster, or the instance itself. */
export interface Member {
  readonly identifier: string;
  readonly isWriter: boolean;
  /** How far the server's parameter group is in effect there: `in-sync`, `applying`, `pending-reboot` and others. */
  readonly groupStatus: string;
}

/** A server as RDS describes it. */
export interface ServerState extends Endpoint {
  readonly identifier: string;
  readonly arn: string;
  readonly status: string;
  readonly engine: string;
  /** Undefined where nothing speaks against it. */
  readonly unsupported?: UnsupportedServer;
  /** The parameter group that is associated. */
  readonly groupName: string;
  readonly exports: readonly string[];
  /** True while exports are being turned on or off. */
  readonly exportsPending: boolean;
  readonly members: readonly Member[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface ServerChange {
  readonly groupName?: string;
  readonly enableExports?: readonly string[];
  readonly disableExports?: readonly string[];
}

/** A parameter group of clusters or of instances. */
export interface GroupName {
  readonly kind: ServerKind;
  readonly name: string;
}

export interface GroupState {
  readonly arn: string;
  readonly family: string;
}

/** What a parameter is set to; the engine's default where there is no value. */
export interface Setting {
  readonly value?: string;
}

export type Tags = Readonly<Record<string, string>>;

/** Something that RDS says happened. */
export interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

export interface Rds {
  /** Undefined where there is no such server. */
  findEndpoint(server: ServerName): Promise<Endpoint | undefined>;
  /** Undefined where there is no such server. */
  find(server: ServerName): Promise<ServerState | undefined>;
  /** The identifiers of all servers that a group is associated with. */
  usersOf(group: GroupName): Promise<readonly string[]>;
  /** Undefined where there is no such group. */
  findGroup(group: GroupName): Promise<GroupState | undefined>;
  /** Of these parameters those that the group's family has; undefined where there is no such group. */
  readParameters(
    group: GroupName,
    names: readonly string[],
  ): Promise<Readonly<Record<string, Setting>> | undefined>;
  createGroup(group: GroupName, family: string, description: string, tags: Tags): Promise<void>;
  copyGroup(group: GroupName, from: string, description: string, tags: Tags): Promise<void>;
  /** In force at once where the group is; a setting without a value goes back to the engine's default. */
  setParameters(group: GroupName, settings: Readonly<Record<string, Setting>>): Promise<void>;
  deleteGroup(group: GroupName): Promise<void>;
  modify(server: ServerName, change: ServerChange): Promise<void>;
  reboot(instance: string): Promise<void>;
  /** Of an instance, in the last minutes. */
  eventsOf(instance: string, minutes: number): Promise<readonly ServerEvent[]>;
  tagsOf(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<void>;
  untag(arn: string, keys: readonly string[]): Promise<void>;
}
