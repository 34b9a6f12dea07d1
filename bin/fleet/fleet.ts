import type { ServerSettings, Settings } from '../settings/settings';

/** Where something stands in the file: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** The file, once it is valid by its schema. */
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

/** All that is to be deployed, defaults and overrides worked in. */
export interface Fleet {
  readonly servers: readonly FleetServer[];
  readonly logsUsers: readonly FleetLogsUser[];
  /** An error that names the entry and the line of each problem. */
  readonly error: (problems: readonly { readonly path: Path; readonly text: string }[]) => Error;
}

export interface FleetServer {
  readonly account: string;
  readonly region: string;
  readonly settings: ServerSettings;
  /** The stack that it shares with others; it has one of its own without. */
  readonly sharedStack?: string;
  readonly path: Path;
}

/** The logs user of the statement logs of an account. */
export interface FleetLogsUser {
  readonly account: string;
  /** The region whose stack makes it; none where it exists. */
  readonly region?: string;
  readonly accessKeySecret?: string;
  readonly accessKeySecretKey?: string;
}
