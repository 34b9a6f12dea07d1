/** The probability of each feature in a kind of application, from 0 to 1. */
export interface Manner {
  readonly name: string;
  readonly schemas: readonly string[];
  readonly nouns: readonly string[];
  /** Row-level security on a table. */
  readonly policies: number;
  /** Views with security_invoker. */
  readonly invoker: number;
  /** Views that call a function. */
  readonly functions: number;
  /** The owner of a view may read what is below it. */
  readonly granted: number;
}

/** Applications as they are often found: a small shop, a big company, a backend as a service, one database for all tenants. */
export const MANNERS: readonly Manner[] = [
  {
    name: 'a rental shop',
    schemas: ['public'],
    nouns: ['movie', 'copy', 'client', 'loan', 'till', 'shelf'],
    policies: 0.1,
    invoker: 0.1,
    functions: 0.3,
    granted: 0.8,
  },
  {
    name: 'a company with a schema for each department',
    schemas: ['staff', 'making', 'buying', 'selling', 'Old Data'],
    nouns: ['worker', 'part', 'vendor', 'contract', 'invoice', 'address'],
    policies: 0.1,
    invoker: 0.1,
    functions: 0.1,
    granted: 0.5,
  },
  {
    name: 'a backend as a service',
    schemas: ['public', 'identity', 'files'],
    nouns: ['profile', 'message', 'channel', 'bucket', 'session', 'device'],
    policies: 0.8,
    invoker: 0.5,
    functions: 0.1,
    granted: 0.9,
  },
  {
    name: 'a multi-tenant application',
    schemas: ['app', 'audit'],
    nouns: ['account', 'project', 'ticket', 'usage', 'plan', 'seat'],
    policies: 0.9,
    invoker: 0.2,
    functions: 0.2,
    granted: 0.8,
  },
];

export const OWNERS = ['ann', 'bob', 'cy'];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const QUALS = [
  'true',
  'true',
  'tenant = 1',
  `current_user = 'datafold'`,
  `current_user = 'datafold' OR tenant = 2`,
  `tenant = current_setting('app.tenant')::int`,
  `tenant = nullif(current_setting('app.tenant', true), '')::int`,
  'tenant IS NOT NULL',
];

/** Statements that make an application, and the relations in it, which have nine rows each for a role that reads all rows. */
export function randomSchemas(manner: Manner, seed: number, versionNum: number) {
  const next = numbersFrom(seed);
  const chance = (of: number) => next() < of;
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)];
  const roles = [...OWNERS, 'datafold', 'PUBLIC'];
  const statements: string[] = [];
  const [tables, relations]: string[][] = [[], []];
  for (const schema of manner.schemas)
    if (schema !== 'public') statements.push(`CREATE SCHEMA "${schema}" AUTHORIZATION ${one(OWNERS)}`);

  const policies = (table: string) => {
    statements.push(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
    if (chance(0.3)) statements.push(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    for (let i = Math.floor(next() * 4); i > 0; i -= 1)
      statements.push(
        `CREATE POLICY p${i} ON ${table} ${chance(0.25) ? 'AS RESTRICTIVE ' : ''}FOR ${one(['ALL', 'SELECT', 'SELECT', 'DELETE'])} TO ${one(roles)} USING (${one(QUALS)})`,
      );
  };
  for (const noun of manner.nouns) {
    const table = `"${one(manner.schemas)}".${noun}`;
    const isSplit = chance(0.2);
    statements.push(`CREATE TABLE ${table} (id int, tenant int)${isSplit ? ' PARTITION BY RANGE (id)' : ''}`);
    const all = [table];
    if (isSplit) all.push(`${table}_part`);
    if (isSplit)
      statements.push(`CREATE TABLE ${table}_part PARTITION OF ${table} FOR VALUES FROM (1) TO (10)`);
    statements.push(`INSERT INTO ${table} SELECT g, g % 3 FROM generate_series(1, 9) g`);
    for (const name of all) {
      statements.push(`ALTER TABLE ${name} OWNER TO ${one(OWNERS)}`);
      if (chance(manner.policies)) policies(name);
      if (chance(0.05)) statements.push(`REVOKE SELECT ON ${name} FROM ${OWNERS.join(', ')}`);
    }
    tables.push(...all);
    relations.push(...all);
  }
  for (let i = 1; i <= 12; i += 1) {
    const [below, view, owner] = [one(relations), `"${one(manner.schemas)}".view_${i}`, one(OWNERS)];
    if (chance(0.15)) {
      statements.push(
        `CREATE MATERIALIZED VIEW ${view} AS SELECT * FROM ${one(tables)} WITH ${chance(0.5) ? 'NO ' : ''}DATA`,
        `ALTER MATERIALIZED VIEW ${view} OWNER TO ${owner}`,
      );
      relations.push(view);
      continue;
    }
    const calls = chance(manner.functions);
    const columns = chance(0.3) ? 'below.id, 1 AS tenant' : 'below.id, below.tenant';
    const join = chance(0.2) ? ` JOIN ${one(relations)} other ON other.id = below.id` : '';
    if (calls) {
      statements.push(`CREATE FUNCTION public.f${i}(a int) RETURNS int LANGUAGE sql AS 'SELECT a'`);
      if (chance(0.5)) statements.push(`REVOKE EXECUTE ON FUNCTION public.f${i}(int) FROM PUBLIC`);
    }
    const invoker = versionNum >= 150000 && chance(manner.invoker) ? ' WITH (security_invoker)' : '';
    statements.push(
      `CREATE VIEW ${view}${invoker} AS SELECT ${columns}${calls ? `, public.f${i}(below.id) AS f` : ''} FROM ${below} below${join}`,
      `ALTER VIEW ${view} OWNER TO ${owner}`,
    );
    if (chance(manner.granted)) statements.push(`GRANT SELECT ON ${below} TO ${owner}`);
    else if (chance(0.5)) statements.push(`GRANT SELECT (id) ON ${below} TO ${owner}`);
    relations.push(view);
  }
  return { statements, relations };
}
