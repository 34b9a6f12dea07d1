import type { StatementLoggingProperties } from '../../../../lib/private/wire/resources';
import type { Account } from './account';

export type Properties = StatementLoggingProperties;

/** The properties that every test starts from: those of a server `shop`. */
export function properties(kind: 'cluster' | 'instance', more: Partial<Properties> = {}): Properties {
  return {
    kind,
    identifier: 'shop',
    newGroupName: 'datafold-stack-logging-1a2b3c4d',
    sharedParameterGroup: 'refuse',
    rebootPolicy: 'never',
    logBindValues: 'true',
    shortenLogRetention: 'false',
    ...more,
  };
}

export type Kind = 'cluster' | 'instance';

export const FAMILY = { cluster: 'aurora-postgresql16', instance: 'postgres16' } as const;

/** A row of the decision table in the README. */
export interface Row {
  readonly name: string;
  /** The group that the server has before: AWS's, one of its own, or one that another server has too. */
  readonly before: 'default' | 'custom' | 'shared';
  /** log_statement in that group; unset where there is none. */
  readonly value?: string;
  readonly props?: Partial<Properties>;
  /** The group that is associated afterwards: that of before, or one of ours. */
  readonly group: 'same' | 'ours';
  /** log_statement in that group afterwards. */
  readonly logStatement: string;
  /** Whether instances wait for a reboot afterwards. */
  readonly pending?: boolean;
}

const modify = { sharedParameterGroup: 'modify' } as const;
const copy = { sharedParameterGroup: 'copy' } as const;
const reboot = { rebootPolicy: 'if-pending' } as const;
const same = { group: 'same', logStatement: 'mod' } as const;
const ours = { group: 'ours', logStatement: 'mod' } as const;

export const ROWS: readonly Row[] = [
  { name: 'default group', before: 'default', ...ours, pending: true },
  { name: 'default group, reboot allowed', before: 'default', props: reboot, ...ours },
  { name: 'custom group without log_statement', before: 'custom', ...same },
  { name: 'custom group with none', before: 'custom', value: 'none', ...same },
  { name: 'custom group with ddl', before: 'custom', value: 'ddl', ...same },
  { name: 'custom group with mod', before: 'custom', value: 'mod', ...same },
  { name: 'custom group with all', before: 'custom', value: 'all', group: 'same', logStatement: 'all' },
  { name: 'shared group with mod', before: 'shared', value: 'mod', ...same },
  { name: 'shared group, modify', before: 'shared', value: 'ddl', props: modify, ...same },
  { name: 'shared group, copy', before: 'shared', value: 'ddl', props: copy, ...ours, pending: true },
  { name: 'shared group, copy, reboot allowed', before: 'shared', props: { ...copy, ...reboot }, ...ours },
];

export const KINDS: readonly Kind[] = ['cluster', 'instance'];

/** Each row for each kind. */
export const CASES = ROWS.flatMap((row) => KINDS.map((kind) => [row.name, kind, row] as const));

/** Makes the server of a row in the fake. */
export function arrange(account: Account, kind: Kind, { before, value }: Row): void {
  if (before === 'default') return account.addShop(kind, `default.${FAMILY[kind]}`);
  const set = { work_mem: '4096', ...(value && { log_statement: value }) };
  account.rds.addGroup(kind, 'custom', FAMILY[kind], set);
  account.addShop(kind, 'custom');
  if (before === 'custom') return;
  if (kind === 'cluster') account.rds.addCluster('other', 'custom');
  else account.rds.addInstance('other', 'custom');
}
