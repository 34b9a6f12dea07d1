import type { Login, ServerAddress } from '../../private/wire/sql';
import type { DatabaseAnswers, OtherDatabases } from './answers';
import type { InspectionSpec } from './parts';

/** What an inspection is about. */
export interface InspectionRequest extends InspectionSpec {
  /** Undefined: all databases of the server. */
  readonly databases?: readonly string[];
  /** The database to connect to first. */
  readonly maintenanceDatabase: string;
}

/** A cluster with the Data API, and the secret with the login. */
export interface DataApiTarget {
  readonly clusterArn: string;
  readonly secretArn: string;
}

/** The result of an inspection. */
export type Inspected =
  | {
      readonly connected: true;
      readonly databases: readonly DatabaseAnswers[];
      readonly left: OtherDatabases;
    }
  /** The server could not be reached this way; another one may work. */
  | { readonly connected: false; readonly reason: string }
  /** `failsFromAnywhere`: a deployment, which connects from another machine, fails for the same reason. */
  | { readonly connected: true; readonly error: string; readonly failsFromAnywhere: boolean };

/** The ways to inspect a server, all of which only read. */
export interface SqlPorts {
  readSecret(secret: string): Promise<string>;
  /** From this machine, with TLS verified as in the sql-runner. */
  inspectFromHere(address: ServerAddress, login: Login, request: InspectionRequest): Promise<Inspected>;
  inspectByDataApi(target: DataApiTarget, request: InspectionRequest): Promise<Inspected>;
}
