import type { UnsupportedServer } from '../../../private/server/unsupported';
import type { InstanceNetwork } from './network-ports';

/** The RDS calls of the provisioner, the same for clusters and instances. */

/** An Aurora cluster or a standalone RDS instance. */
export type ServerKind = 'cluster' | 'instance';

/** The kind and the identifier of a server in RDS. */
export interface ServerName {
  readonly kind: ServerKind;
  readonly identifier: string;
}

/** Returns the name for messages: `cluster orders`. */
export function nameOf({ kind, identifier }: ServerName): string {
  return `${kind} ${identifier}`;
}

/** An instance of a cluster, or the instance itself. */
export interface Member {
  readonly identifier: string;
  readonly isWriter: boolean;
  /** The status of the parameter group on the instance: `in-sync`, `applying`, `pending-reboot` and others. */
  readonly groupStatus: string;
}

/** A server as RDS describes it. */
export interface ServerState {
  readonly identifier: string;
  readonly arn: string;
  /** Stays with a renamed server; a server that is restored from a snapshot gets another one. */
  readonly resourceId?: string;
  readonly status: string;
  readonly engine: string;
  /** Undefined if the server is supported. */
  readonly unsupported?: UnsupportedServer;
  /** The endpoint, for a cluster that of the writer; undefined while the server is being created. */
  readonly host?: string;
  readonly port?: number;
  /** The associated parameter group. */
  readonly groupName: string;
  readonly exports: readonly string[];
  /** True while exports are being turned on or off. */
  readonly exportsPending: boolean;
  readonly members: readonly Member[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What to change of a server; absent parts stay. */
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

/** A parameter group as RDS describes it. */
export interface GroupState {
  readonly arn: string;
  readonly family: string;
}

/** The value of a parameter; undefined means the engine's default. */
export interface Setting {
  readonly value?: string;
}

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** An event of RDS. */
export interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

/** Servers of RDS and their parameter groups. */
export interface Rds {
  /** Returns undefined if the instance does not exist. */
  networkOf(instance: string): Promise<InstanceNetwork | undefined>;
  /** Returns undefined if the server does not exist. */
  find(server: ServerName): Promise<ServerState | undefined>;
  /** Returns the identifiers of all servers that use a group. */
  usersOf(group: GroupName): Promise<readonly string[]>;
  /** Returns undefined if the group does not exist. */
  findGroup(group: GroupName): Promise<GroupState | undefined>;
  /** Returns the named parameters that the group's family has; undefined if the group does not exist. */
  readParameters(
    group: GroupName,
    names: readonly string[],
  ): Promise<Readonly<Record<string, Setting>> | undefined>;
  createGroup(group: GroupName, family: string, description: string, tags: Tags): Promise<void>;
  copyGroup(group: GroupName, from: string, description: string, tags: Tags): Promise<void>;
  /** Takes effect at once where the group is in effect; a setting without a value resets to the engine's default. */
  setParameters(group: GroupName, settings: Readonly<Record<string, Setting>>): Promise<void>;
  deleteGroup(group: GroupName): Promise<void>;
  modify(server: ServerName, change: ServerChange): Promise<void>;
  reboot(instance: string): Promise<void>;
  /** Returns the events of an instance in the last minutes. */
  eventsOf(instance: string, minutes: number): Promise<readonly ServerEvent[]>;
  tagsOf(arn: string): Promise<Tags>;
  tag(arn: string, tags: Tags): Promise<void>;
  untag(arn: string, keys: readonly string[]): Promise<void>;
}
