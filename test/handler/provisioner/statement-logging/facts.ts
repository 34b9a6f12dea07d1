import { FAMILY as FAMILIES } from './decision-table';
import type { Observed } from '../../../../lib/handler/provisioner/statement-logging/observe';
import type { Settings } from '../../../../lib/handler/provisioner/statement-logging/parameter-group';
import type { StatementLoggingRequest } from '../../../../lib/handler/provisioner/statement-logging/properties';

/** What the provisioner reads of a server, without a request to AWS. */
export interface Facts {
  readonly server?: Partial<Observed['server']>;
  readonly group?: Partial<Observed['group']>;
  readonly others?: Observed['others'];
  readonly ownGroupFamily?: string;
  readonly ownedLogGroup?: Partial<Observed['ownedLogGroup']>;
}

/** The group that the library creates for the cluster. */
export const OWN = 'datafold-stack-logging-0badcafe';
export const FAMILY = FAMILIES.cluster;
export const NONE: Settings = { log_statement: { value: 'none' }, log_parameter_max_length: {} };
export const MOD: Settings = { ...NONE, log_statement: { value: 'mod' } };

/** The cluster `shop` with a custom group that it alone uses and that logs nothing; its log is not exported. */
export function observed({
  server,
  group,
  others = [],
  ownGroupFamily,
  ownedLogGroup,
}: Facts = {}): Observed {
  return {
    server: {
      identifier: 'shop',
      arn: 'arn:aws:rds:us-east-1:111122223333:cluster:shop',
      status: 'available',
      engine: 'aurora-postgresql',
      groupName: group?.name ?? 'custom',
      exports: [],
      exportsPending: false,
      members: [],
      tags: {},
      ...server,
    },
    group: { name: 'custom', family: FAMILY, settings: NONE, otherUsers: [], ...group },
    others,
    ownGroup: OWN,
    ...(ownGroupFamily && { ownGroupFamily }),
    overrides: [],
    ownedLogGroup: { ownerKey: '0'.repeat(64), original: {}, coOwners: [], ...ownedLogGroup },
  };
}

export function requested(more: Partial<StatementLoggingRequest> = {}): StatementLoggingRequest {
  return {
    server: { kind: 'cluster', identifier: 'shop' },
    newGroupName: 'datafold-stack-logging',
    sharedParameterGroup: 'refuse',
    rebootPolicy: 'never',
    logBindValues: true,
    log: {
      logGroupName: '/aws/rds/cluster/shop/postgresql',
      shortenLogRetention: false,
      maskedData: [],
      tags: {},
    },
    ...more,
  };
}
