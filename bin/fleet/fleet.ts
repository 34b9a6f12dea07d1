import type { ServerSettings, Settings } from '../settings/settings';

/** The path of a value in the file: the keys and indexes that lead to it. */
export type Path = readonly (string | number)[];

/** The content of a fleet file that conforms to the schema. */
export interface FleetDocument {
  readonly stackPer?: 'server' | 'region';
  readonly logsUser?: LogsUserEntry;
  readonly defaults?: Settings;
  readonly accounts: Readonly<Record<string, AccountEntry>>;
}

export interface AccountEntry {
  readonly logsUser?: LogsUserEntry;
  readonly defaults?: Settings;
  readonly regions: Readonly<Record<string, RegionEntry>>;
}

export interface RegionEntry {
  readonly defaults?: Settings;
  readonly servers: readonly Settings[];
}

export interface LogsUserEntry {
  readonly region?: string;
  readonly accessKeySecret?: string;
  readonly accessKeySecretKey?: string;
}

/** Everything to deploy, with defaults and overrides applied. */
export interface Fleet {
  readonly servers: readonly FleetServer[];
  readonly logsUsers: readonly FleetLogsUser[];
  /** Creates an error that names the entry and the line of each problem. */
  readonly error: (problems: readonly { readonly path: Path; readonly text: string }[]) => Error;
}

export interface FleetServer {
  readonly account: string;
  readonly region: string;
  readonly settings: ServerSettings;
  /** The name of a stack that several servers share; without it, the server has a separate stack. */
  readonly sharedStack?: string;
  readonly path: Path;
}

/** The logs user of an account, which reads its statement logs. */
export interface FleetLogsUser {
  readonly account: string;
  /** The region of the stack that creates the user; absent for an existing user. */
  readonly region?: string;
  readonly accessKeySecret?: string;
  readonly accessKeySecretKey?: string;
}
