import type { LogGroupState } from '../aws/ports';
import type { ServerState } from '../aws/rds-ports';
import type { Other } from './others';
import type { Settings } from './parameters';

/** All that decisions are made on. */
export interface Observed {
  readonly server: ServerState;
  /** The group that is associated. */
  readonly group: {
    readonly name: string;
    readonly family: string;
    readonly settings: Settings;
    /** Other servers that it is associated with. */
    readonly otherUsers: readonly string[];
  };
  /** Others that log the statements of this server too. */
  readonly others: readonly Other[];
  /** The name that a group of ours has for this server, whether there is one or not. */
  readonly ownGroup: string;
  /** The family of the group of that name; undefined where there is none. */
  readonly ownGroupFamily?: string;
  /** Settings of the groups of a cluster's instances, which win over those of the cluster's group. */
  readonly overrides: readonly Override[];
  /** Undefined where there is none. */
  readonly logGroup?: LogGroupState;
}

export interface Override {
  readonly instance: string;
  readonly group: string;
  readonly logStatement: string;
}
