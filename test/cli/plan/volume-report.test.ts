import { DatabaseAnswers } from '../../../lib/cli/inspection/answers';
import { asText } from '../../../lib/cli/plan/print';
import { estimateVolume } from '../../../lib/cli/plan/volume/estimate';
import type { StatementFacts, VolumeFacts } from '../../../lib/cli/plan/volume/facts';
import { reportVolume } from '../../../lib/cli/plan/volume/report';

const A_DAY = 86_400;
const NOW = Date.parse('2026-11-29T12:00:00Z');

const statement = (text: string, more: Partial<StatementFacts> = {}): StatementFacts => ({
  role: 'app',
  database: 'shop',
  text,
  octets: text.length,
  newlines: 0,
  parameters: text.split('$').length - 1,
  calls: 1_000_000,
  rows: 1_000_000,
  ...more,
});

const STATEMENTS = [
  statement('INSERT INTO orders VALUES ($1, $2)', { calls: 3_000_000 }),
  statement('UPDATE orders SET state = $1 WHERE id = $2', { database: 'queue' }),
  statement('SELECT * FROM orders WHERE id = $1', { calls: 9_000_000 }),
  statement('/* dbt */ create table marts.revenue as select sum(total) from orders', {
    role: 'dbt',
    calls: 20_000,
  }),
  statement('WITH x AS (DELETE FROM orders RETURNING id) SELECT id FROM x', { role: 'cron' }),
];

const FACTS: VolumeFacts = {
  statements: STATEMENTS,
  rest: { calls: 0, octets: 0 },
  seconds: A_DAY,
  dropped: 0,
  hidden: 0,
  protocols: { app: 'simple', dbt: 'simple' },
  hasLeadingComments: true,
  tables: [],
};

/** What an inspection of a database with these statistics found. */
function answers(change: Partial<VolumeFacts> = {}): DatabaseAnswers {
  const { statements, seconds, rest, dropped, hidden } = { ...FACTS, ...change };
  const made = new DatabaseAnswers('shop');
  for (const part of ['statements', 'statement_totals']) made.add('answered', { part });
  made.add('statement_totals', { seconds, rest, dropped, hidden });
  for (const one of statements) made.add('statements', one);
  for (const role of ['app', 'dbt']) made.add('protocols', { role, isExtended: false });
  return made;
}

const REPORT = { isLogged: false, isExported: true, bindValues: true, pricePerGb: 0.5, now: NOW };

test('only statements that are logged count, scaled to a day', () => {
  const { statementsPerDay, commands } = estimateVolume({ ...FACTS, seconds: A_DAY / 2 });
  expect(statementsPerDay).toBe(2 * 4_020_000);
  expect(commands.map(({ name }) => name)).toEqual(['INSERT', 'UPDATE', 'CREATE TABLE AS']);
});

test('a role or database is worth an exclusion if it writes much and no lineage comes of it', () => {
  const { excludable, lineageShare } = estimateVolume(FACTS);
  expect(excludable.roles.map(({ name }) => name)).toEqual(['app']);
  expect(excludable.databases.map(({ name }) => name)).toEqual(['queue']);
  expect(lineageShare).toBeGreaterThan(0);
  expect(lineageShare).toBeLessThan(0.02);
  const dbtAlone = estimateVolume({ ...FACTS, statements: STATEMENTS.filter(({ role }) => role === 'dbt') });
  expect(dbtAlone.excludable).toEqual({ roles: [], databases: [] });
});

test('without the values of parameters the extended protocol costs hardly more than the simple one', () => {
  const facts = { ...FACTS, protocols: { app: 'extended' as const } };
  const [withValues, without] = [true, false].map(
    (bindValues) => estimateVolume(facts, { bindValues }).bytesPerDay.likely,
  );
  expect(withValues / without).toBeGreaterThan(1.8);
  expect(without / estimateVolume(FACTS).bytesPerDay.likely).toBeCloseTo(1, 1);
});

test('the cost is that of the added statements, and of the present log where the export turns on', () => {
  const files = Array.from({ length: 24 }, (_, i) => ({
    bytes: 1e9,
    writtenAt: NOW - (i + 0.5) * 3_600_000,
  }));
  const exported = reportVolume({ ...REPORT, databases: [answers()], files });
  const fresh = reportVolume({ ...REPORT, isExported: false, databases: [answers()], files });
  expect(exported.presentBytesPerDay).toBeCloseTo(24e9, -9);
  expect(fresh.ingestedBytesPerDay!.likely - exported.ingestedBytesPerDay!.likely).toBeCloseTo(24e9, -9);
  expect(exported.usdPerMonth!.likely).toBeCloseTo(
    (exported.ingestedBytesPerDay!.likely / 1e9) * 30 * 0.5,
    6,
  );
  const twice = reportVolume({ ...REPORT, pricePerGb: 1, databases: [answers()], files });
  expect(twice.usdPerMonth!.high).toBeCloseTo(2 * exported.usdPerMonth!.high, 6);
  const logged = reportVolume({ ...REPORT, isLogged: true, databases: [answers()], files });
  expect(logged.usdPerMonth).toEqual({ low: 0, likely: 0, high: 0 });
});

test.each([
  [
    { seconds: 600 },
    'Statements are counted for less than an hour, which says nothing about a day: run plan again later.',
  ],
  [
    { hidden: 7 },
    'The texts of 7 statements are hidden from the administrator (GRANT pg_read_all_stats shows them): they are not counted.',
  ],
  [
    { dropped: 3 },
    'pg_stat_statements dropped rare statements 3 times (pg_stat_statements.max): the volume is higher.',
  ],
  [
    { rest: { calls: 40, octets: 2e6 } },
    '40 calls of rarer statements are not counted, which have 2 MB of text.',
  ],
])('statistics with %j are less certain, which is said', (change, caveat) => {
  expect(reportVolume({ ...REPORT, databases: [answers(change)] }).caveats).toEqual([caveat]);
});

test('without pg_stat_statements the rows that were changed give a wide range', () => {
  const made = new DatabaseAnswers('shop');
  for (const part of ['statements', 'statement_totals']) made.add('answered', { part });
  made.add('activity', { name: 'shop', rows: 2_000_000, transactions: 1, seconds: 2 * A_DAY });
  const { added, caveats } = reportVolume({ ...REPORT, databases: [made] });
  expect(added).toEqual({
    source: 'pg_stat_database',
    rowsPerDay: 1_000_000,
    bytesPerDay: { low: 0, likely: 50_000_000, high: 250_000_000 },
  });
  expect(caveats).toHaveLength(1);
});

test('the text names volume, price, the statements that cost most, and what is worth an exclusion', () => {
  const volume = reportVolume({ ...REPORT, databases: [answers()], files: [] });
  const server = {
    kind: 'cluster' as const,
    identifier: 'shop',
    engine: 'Aurora PostgreSQL 16.4',
    region: 'eu-west-1',
    account: '1',
  };
  const report = {
    ready: true,
    server,
    sql: { method: 'direct' as const, databases: ['shop'] },
    findings: [],
    volume,
  };
  const text = asText(report, {
    out: () => undefined,
    error: { write: () => true },
    columns: Infinity,
    hasColors: false,
  });
  expect(text).toBe(`Plan for the cluster shop (Aurora PostgreSQL 16.4, eu-west-1). Nothing was changed.


log_statement=mod adds 436 MB to 584 MB, probably 504 MB a day (by pg_stat_statements).
The server writes 0 bytes a day into its log today.
CloudWatch Logs ingests 436 MB to 584 MB, probably 504 MB a day more: 6.54 USD to 8.76 USD, probably 7.56 USD a month at 0.5 USD/GB (--price-per-gb). Storage and queries cost extra.

The statements that cost most, without constants:
a day   share  calls a day  role       statement
369 MB  73 %   3,000,000    app@shop   insert into orders values ($1, $2)
132 MB  26 %   1,000,000    app@queue  update orders set state = $1 where id = $2
2.9 MB  1 %    20,000       dbt@shop   create table marts.revenue as select sum(total) from orders

By role: app (99 %), dbt (1 %). Lineage can be derived from 1 % of the bytes.
Worth an exclusion, because no lineage can be derived from what they write: excludedRoles: app (99 %); excludedDatabases: queue (26 %).

Ready: nothing prevents the deployment. 0 changes, 0 warnings.
`);
});
