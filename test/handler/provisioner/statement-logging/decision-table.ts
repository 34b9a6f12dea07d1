import type { Account, Properties } from './account';

export type Kind = 'cluster' | 'instance';

export const FAMILY = { cluster: 'aurora-postgresql16', instance: 'postgres16' } as const;

/** A row of the decision table in the README. */
export interface Row {
  readonly name: string;
  /** What there is before. */
  readonly arrange: (account: Account, kind: Kind) => void;
  readonly props?: Partial<Properties>;
  /** The group that is associated afterwards: that of before, or one of ours. */
  readonly group: 'same' | 'ours';
  /** log_statement in that group afterwards. */
  readonly logStatement: string;
  /** log_statement in the group of before, afterwards. */
  readonly formerLogStatement?: string;
  /** Whether instances wait for a reboot afterwards. */
  readonly pending?: boolean;
}

const custom =
  (set: Record<string, string>): Row['arrange'] =>
  (account, kind) => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind], { work_mem: '4096', ...set });
    account.addShop(kind, 'custom');
  };

const shared =
  (set: Record<string, string>): Row['arrange'] =>
  (account, kind) => {
    custom(set)(account, kind);
    if (kind === 'cluster') account.rds.addCluster('other', 'custom');
    else account.rds.addInstance('other', 'custom');
  };

const byDefault: Row['arrange'] = (account, kind) => account.addShop(kind, `default.${FAMILY[kind]}`);

export const ROWS: readonly Row[] = [
  { name: 'default group', arrange: byDefault, group: 'ours', logStatement: 'mod', pending: true },
  {
    name: 'default group, reboot allowed',
    arrange: byDefault,
    props: { reboot: 'if-pending' },
    group: 'ours',
    logStatement: 'mod',
  },
  { name: 'custom group without log_statement', arrange: custom({}), group: 'same', logStatement: 'mod' },
  {
    name: 'custom group with none',
    arrange: custom({ log_statement: 'none' }),
    group: 'same',
    logStatement: 'mod',
  },
  {
    name: 'custom group with ddl',
    arrange: custom({ log_statement: 'ddl' }),
    group: 'same',
    logStatement: 'mod',
  },
  {
    name: 'custom group with mod',
    arrange: custom({ log_statement: 'mod' }),
    group: 'same',
    logStatement: 'mod',
  },
  {
    name: 'custom group with all',
    arrange: custom({ log_statement: 'all' }),
    group: 'same',
    logStatement: 'all',
  },
  {
    name: 'shared group with mod',
    arrange: shared({ log_statement: 'mod' }),
    group: 'same',
    logStatement: 'mod',
  },
  {
    name: 'shared group, modify',
    arrange: shared({ log_statement: 'ddl' }),
    props: { sharedParameterGroup: 'modify' },
    group: 'same',
    logStatement: 'mod',
  },
  {
    name: 'shared group, copy',
    arrange: shared({ log_statement: 'ddl' }),
    props: { sharedParameterGroup: 'copy' },
    group: 'ours',
    logStatement: 'mod',
    formerLogStatement: 'ddl',
    pending: true,
  },
  {
    name: 'shared group, copy, reboot allowed',
    arrange: shared({}),
    props: { sharedParameterGroup: 'copy', reboot: 'if-pending' },
    group: 'ours',
    logStatement: 'mod',
  },
];

export const KINDS: readonly Kind[] = ['cluster', 'instance'];

/** Each row for each kind. */
export const CASES = ROWS.flatMap((row) => KINDS.map((kind) => [row.name, kind, row] as const));
