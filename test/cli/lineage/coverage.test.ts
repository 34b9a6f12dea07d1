import { CoverageMeter } from '../../../lib/cli/lineage/coverage';
import { loadParser, type Parse } from '../../../lib/cli/lineage/parse';
import type { LoggedStatement } from '../../../lib/cli/statement-log/statement-reader';

let parse: Parse;
beforeAll(async () => (parse = await loadParser()));

const statement = (sql: string, more: Partial<LoggedStatement> = {}): LoggedStatement => ({
  at: 1_000,
  instance: 'shop-1',
  session: 's',
  role: 'etl',
  database: 'shop',
  sql,
  protocol: 'statement',
  byDuration: false,
  failed: false,
  bytes: 100,
  parameterBytes: 0,
  ...more,
});

function measure(...statements: LoggedStatement[]) {
  const meter = new CoverageMeter(parse);
  statements.forEach((one) => meter.statement(one));
  return meter.result();
}
const obstaclesOf = ({ obstacles }: ReturnType<typeof measure>) =>
  obstacles.map(({ obstacle, statements, names }) => [obstacle, statements, ...names].join(' '));

test('adds up edges with their count, roles and the time of the last one', () => {
  const { edges, carrying, statements } = measure(
    statement('INSERT INTO r.t SELECT * FROM s.a WHERE x = 1'),
    statement('INSERT INTO r.t SELECT * FROM s.a WHERE x = 2', { at: 5_000, role: 'cron' }),
    statement('INSERT INTO r.t SELECT * FROM s.a', { at: 2_000, database: 'other' }),
  );
  expect({ carrying, statements }).toEqual({ carrying: 3, statements: 3 });
  const edge = { source: 's.a', target: 'r.t', kind: 'data', unqualified: [] };
  expect(edges).toEqual([
    { ...edge, database: 'shop', statements: 2, lastSeen: 5_000, roles: ['cron', 'etl'] },
    { ...edge, database: 'other', statements: 1, lastSeen: 2_000, roles: ['etl'] },
  ]);
});

test('parses statements that differ only in their values once, and tables with other numbers again', () => {
  const statements = Array.from({ length: 50 }, (_, i) =>
    statement(`INSERT INTO t SELECT ${i}, 'v${i}' FROM a`),
  );
  const { parsedShapes, edges } = measure(
    ...statements,
    statement('INSERT INTO t_2024_01 SELECT * FROM a'),
    statement('INSERT INTO t_2024_02 SELECT * FROM a'),
  );
  expect(parsedShapes).toBe(3);
  expect(edges.map(({ target }) => target).sort()).toEqual(['t', 't_2024_01', 't_2024_02']);
});

test('does not parse what an application writes', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `(${i}, 'text')`).join();
  const { parsedShapes, kinds, carrying } = measure(
    statement(`INSERT INTO t VALUES ${rows}`),
    statement('UPDATE t SET x = 1 WHERE id = 2'),
  );
  expect({ parsedShapes, carrying }).toEqual({ parsedShapes: 0, carrying: 0 });
  expect(kinds.map(({ name, statements }) => [name, statements])).toEqual([
    ['INSERT', 1],
    ['UPDATE', 1],
  ]);
});

test('counts by role with kinds, bytes, and what carries lineage or hides it', () => {
  const { roles } = measure(
    statement('INSERT INTO t SELECT * FROM a', { bytes: 300 }),
    statement('DO $$ BEGIN END $$'),
    statement('INSERT INTO t VALUES (1)', { role: 'app', bytes: 50 }),
    statement('INSERT INTO t VALUES (1)', { role: undefined, bytes: 10 }),
  );
  expect(roles).toEqual([
    { name: 'etl', statements: 2, bytes: 400, carrying: 1, hidden: 1, kinds: { INSERT: 1, DO: 1 } },
    { name: 'app', statements: 1, bytes: 50, carrying: 0, hidden: 0, kinds: { INSERT: 1 } },
    { name: '(unknown)', statements: 1, bytes: 10, carrying: 0, hidden: 0, kinds: { INSERT: 1 } },
  ]);
});

test('says why statements cannot be followed', () => {
  const cut = `INSERT INTO t SELECT '${'x'.repeat(1000)}`;
  const found = measure(
    statement('CALL etl.load()'),
    statement('CALL etl.load()'),
    statement('INSERT INTO t SELECT * FROM a', { failed: true }),
    statement('INSERT INTO t VALUES (1)', { failed: true }),
    statement(cut, { bytes: 262_144 }),
    statement(`${cut} FROM`),
    statement('EXECUTE p'),
    statement('REFRESH MATERIALIZED VIEW m'),
    statement('CREATE TEMP TABLE x AS SELECT * FROM a'),
  );
  expect(obstaclesOf(found).sort()).toEqual([
    'execute without prepare 1 p',
    'failed 1',
    'not parsed 1',
    'procedure 2 etl.load',
    'refresh without definition 1 m',
    'temporary table 1 x',
    'truncated 1',
  ]);
});

test('counts a refresh of a materialized view whose definition is in the log', () => {
  const { edges } = measure(
    statement('CREATE MATERIALIZED VIEW m AS SELECT * FROM a'),
    statement('REFRESH MATERIALIZED VIEW m', { at: 9_000 }),
  );
  expect(edges).toMatchObject([{ source: 'a', target: 'm', statements: 2, lastSeen: 9_000 }]);
});

test('keeps temporary tables of sessions apart, and ends them with their session', () => {
  const meter = new CoverageMeter(parse);
  meter.statement(statement('CREATE TEMP TABLE x AS SELECT * FROM a', { session: '1' }));
  meter.statement(statement('INSERT INTO t SELECT * FROM x', { session: '2' }));
  meter.sessionEnded('1');
  meter.statement(statement('INSERT INTO u SELECT * FROM x', { session: '1' }));
  const found = meter.result();
  expect(found.edges.map(({ source, target }) => `${source} > ${target}`)).toEqual(['x > t', 'x > u']);
  expect(obstaclesOf(found)).toEqual(['temporary table 1 x']);
});

test('names the tables of an edge that are left to search_path', () => {
  const { edges } = measure(statement('INSERT INTO r.t SELECT * FROM a'));
  expect(edges[0].unqualified).toEqual(['a']);
});

test('keeps no text of a statement', () => {
  const found = measure(
    statement("INSERT INTO t SELECT 'planted' FROM a -- planted"),
    statement("DO 'planted'"),
    statement("CALL load('planted')"),
    statement("INSERT INTO t VALUES ('planted')"),
    statement("INSERT 'planted"),
  );
  expect(JSON.stringify(found)).not.toContain('planted');
});
