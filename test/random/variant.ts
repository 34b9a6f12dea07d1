import type { Seeded } from './seeded';

/** The values that each of the props may have. */
const VALUES = {
  server: ['first', 'second'],
  roleName: ['datafold', 'lineage'],
  tempSchema: ['datafold_tmp', 'scratch'],
  databases: ['app', 'app and warehouse', 'public of app'],
  vpcSubnets: ['all', 'one'],
  functionSecurityGroups: ['made', 'given'],
  adminSecret: ['of the cluster', 'spare'],
  futureTables: [true, false],
  excludedRoles: ['none', 'auditor', 'auditor and sales_owner'],
  logRetention: ['never', '30 days'],
  secretName: ['generated', 'given'],
} as const;

type Values = typeof VALUES;
export type Prop = keyof Values;
export type Variant = { readonly [P in Prop]: Values[P][number] };

/** What a database server holds follows from these props; the rest is of AWS. */
export const IN_DATABASE: readonly Prop[] = [
  'server',
  'roleName',
  'tempSchema',
  'databases',
  'futureTables',
  'excludedRoles',
];

/** Another path to the role: the update itself removes it, and its rollback makes it again. */
export const PATH: readonly Prop[] = ['server', 'vpcSubnets', 'functionSecurityGroups', 'adminSecret'];

/** What makes an update that fails do so. */
export type Fault =
  /** Another resource of the stack, after all of the library's, or at any time. */
  | { readonly kind: 'sibling'; readonly when: 'last' | 'any time' }
  /** A call of the provisioner, the first of its kind after `skip` others. */
  | { readonly kind: 'call'; readonly calls: string; readonly skip: number };

/** One round. */
export interface Change {
  readonly props: readonly Prop[];
  readonly to: Variant;
  readonly fault?: Fault;
}

const PROPS = Object.keys(VALUES) as Prop[];
const CALLS = [
  '^lambda:',
  '^secretsmanager:GetSecretValue$',
  '^secretsmanager:PutSecretValue$',
  '^rds:',
  '^logs:',
];

export function anyVariant(random: Seeded): Variant {
  return Object.fromEntries(PROPS.map((prop) => [prop, random.oneOf<unknown>(VALUES[prop])])) as Variant;
}

/** Two to four props get other values. */
export function anyChange(random: Seeded, from: Variant, fails: boolean): Change {
  const props = random.some(PROPS, random.between(2, 4));
  const to: Record<Prop, unknown> = { ...from };
  for (const prop of props)
    to[prop] = random.oneOf((VALUES[prop] as readonly unknown[]).filter((value) => value !== from[prop]));
  return { props, to: to as Variant, ...(fails && { fault: anyFault(random) }) };
}

function anyFault(random: Seeded): Fault {
  if (random.next() < 0.5) return { kind: 'sibling', when: random.oneOf(['last', 'any time'] as const) };
  return { kind: 'call', calls: random.oneOf(CALLS), skip: random.between(0, 4) };
}

/** The rounds that the issue names, each twice: with a sibling that fails after all else, and without. */
export function fixedChanges(first: Variant): Change[] {
  const pairs: Prop[][] = [
    ['roleName', 'vpcSubnets'],
    ['roleName', 'functionSecurityGroups'],
    ['roleName', 'adminSecret'],
    ['server', 'vpcSubnets'],
    ['server', 'functionSecurityGroups', 'adminSecret', 'roleName'],
    ['server', 'excludedRoles', 'logRetention'],
  ];
  let from = first;
  return pairs.flatMap((props) => {
    const to: Record<Prop, unknown> = { ...from };
    for (const prop of props)
      to[prop] = (VALUES[prop] as readonly unknown[]).find((value) => value !== from[prop]);
    from = to as Variant;
    const fault: Fault = { kind: 'sibling', when: 'last' };
    return [
      { props, to: from, fault },
      { props, to: from },
    ];
  });
}

export function describeChange(from: Variant, { props, to, fault }: Change): string {
  const changes = props.map((prop) => `${prop}: ${String(from[prop])} -> ${String(to[prop])}`).join('; ');
  if (!fault) return changes;
  return fault.kind === 'sibling'
    ? `${changes}; a sibling fails (${fault.when})`
    : `${changes}; a call fails (${fault.calls}, after ${fault.skip})`;
}
