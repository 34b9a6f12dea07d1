import { analyze } from '../../../lib/cli/lineage/analyze';
import { mayHaveLineage } from '../../../lib/cli/lineage/candidate';
import { loadParser, type Parse } from '../../../lib/cli/lineage/parse';
import { Session } from '../../../lib/cli/lineage/session';
import { textOf } from '../../../lib/cli/lineage/table-name';
import { kindOf } from '../../../lib/cli/statement-log/kind';
import { mask } from '../../../lib/cli/statement-log/mask';

let parse: Parse;
beforeAll(async () => (parse = await loadParser()));

/** The edges of a statement, and what hides others. */
function follow(...statements: string[]): string[] {
  const session = new Session();
  return statements.flatMap((sql) => {
    const { edges, obstacles } = session.resolve(analyze(parse(sql)));
    return [
      ...edges.map(({ source, target }) => `${textOf(source)} > ${textOf(target)}`),
      ...obstacles.map(({ obstacle, name }) => (name === undefined ? obstacle : `${obstacle}: ${name}`)),
    ];
  });
}

const CARRIES: readonly (readonly [string, ...string[]])[] = [
  ['CREATE TABLE r.t AS SELECT * FROM s.a JOIN s.b USING (id)', 's.a > r.t', 's.b > r.t'],
  ['CREATE TABLE t USING heap TABLESPACE x AS TABLE a', 'a > t'],
  ['CREATE MATERIALIZED VIEW m AS SELECT * FROM a WITH NO DATA', 'a > m'],
  ['SELECT x, y INTO t FROM a', 'a > t'],
  ['CREATE OR REPLACE VIEW v AS SELECT * FROM a UNION ALL SELECT * FROM b', 'a > v', 'b > v'],
  ['INSERT INTO t SELECT * FROM a', 'a > t'],
  ['INSERT INTO t TABLE a', 'a > t'],
  ['INSERT INTO t (x) VALUES ((SELECT max(x) FROM a))', 'a > t'],
  ['INSERT INTO t SELECT 1 WHERE EXISTS (SELECT FROM a)', 'a > t'],
  ['INSERT INTO t SELECT * FROM a ON CONFLICT (id) DO UPDATE SET x = (SELECT x FROM b)', 'a > t', 'b > t'],
  ['WITH c AS (SELECT * FROM a) INSERT INTO t SELECT * FROM c JOIN b ON true', 'a > t', 'b > t'],
  ['WITH d AS (DELETE FROM a RETURNING *) INSERT INTO t SELECT * FROM d', 'a > t'],
  ['WITH i AS (INSERT INTO u SELECT * FROM a RETURNING *) INSERT INTO t SELECT * FROM i', 'a > u', 'u > t'],
  [
    'WITH RECURSIVE c AS (SELECT * FROM a UNION ALL SELECT * FROM c JOIN b ON true) INSERT INTO t TABLE c',
    'a > t',
    'b > t',
  ],
  ['WITH i AS (INSERT INTO t SELECT * FROM a RETURNING 1) SELECT count(*) FROM i', 'a > t'],
  [
    'MERGE INTO t USING a ON t.id = a.id WHEN MATCHED THEN UPDATE SET x = a.x WHEN NOT MATCHED THEN INSERT VALUES (a.id)',
    'a > t',
  ],
  ['MERGE INTO t USING (SELECT * FROM a, b) s ON t.id = s.id WHEN MATCHED THEN DELETE', 'a > t', 'b > t'],
  ['UPDATE t SET x = a.x FROM a WHERE a.id = t.id', 'a > t'],
  ['UPDATE t SET x = (SELECT max(x) FROM a)', 'a > t'],
  ['UPDATE ONLY t AS o SET x = 1 FROM t AS p JOIN a ON true', 'a > t'],
  ['EXPLAIN (ANALYZE) INSERT INTO t SELECT * FROM a', 'a > t'],
  ['INSERT INTO t SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.id = a.id) AS l (x)', 'a > t', 'b > t'],
  ['INSERT INTO t SELECT sum(x) OVER (ORDER BY y ROWS 3 PRECEDING) FROM a GROUP BY ROLLUP (x)', 'a > t'],
  ['INSERT INTO t SELECT * FROM a TABLESAMPLE system (10)', 'a > t'],
  ['INSERT INTO t SELECT * FROM a AS x FOR UPDATE OF x', 'a > t'],
  ['INSERT INTO t SELECT * FROM generate_series(1, (SELECT max(id) FROM a))', 'a > t'],
  ['INSERT INTO "Mixed Case"."T" SELECT * FROM "9s"."a""b"', '"9s"."a""b" > "Mixed Case"."T"'],
  ['BEGIN; INSERT INTO t SELECT * FROM a; INSERT INTO u SELECT * FROM b; COMMIT', 'a > t', 'b > u'],
];

test.each(CARRIES)('carries lineage: %s', (sql, ...edges) => {
  expect(follow(sql)).toEqual(edges);
  expect(mayHaveLineage(mask(sql), kindOf(mask(sql)))).toBe(true);
});

const NONE = [
  "INSERT INTO t VALUES (1, 'select * from a')",
  'INSERT INTO t DEFAULT VALUES',
  'UPDATE t SET x = 1 WHERE id = 2',
  'DELETE FROM t WHERE id = 1',
  'DELETE FROM t USING a WHERE a.id = t.id',
  'COPY t FROM STDIN',
  'TRUNCATE t',
  'CREATE TABLE t (LIKE a)',
  "CREATE TABLE t PARTITION OF a FOR VALUES IN ('x')",
  'CREATE TABLE t () INHERITS (a)',
  'CREATE INDEX ON t (x)',
  'GRANT SELECT ON t TO r',
  'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ INSERT INTO t SELECT * FROM a $$',
  'ALTER TABLE t ADD COLUMN x int',
];

test.each(NONE)('carries none, which is known without parsing: %s', (sql) => {
  expect(follow(sql)).toEqual([]);
  expect(mayHaveLineage(mask(sql), kindOf(mask(sql)))).toBe(false);
});

test.each([
  'SELECT * FROM a',
  'EXPLAIN INSERT INTO t SELECT * FROM a',
  'INSERT INTO t SELECT 1',
  'PREPARE p AS INSERT INTO t SELECT * FROM a',
  'WITH c AS (SELECT 1) DELETE FROM t',
  'CREATE TEMP TABLE t (x int)',
])('carries none: %s', (sql) => {
  expect(follow(sql)).toEqual([]);
});

test.each([
  ['DO $$ BEGIN INSERT INTO t SELECT * FROM a; END $$', 'do block'],
  ['CALL etl.load(1)', 'procedure: etl.load'],
  ['SELECT etl.load()', 'function: etl.load'],
  ['INSERT INTO t SELECT * FROM etl.rows_of(1)', 'function: etl.rows_of'],
  ['EXECUTE p (1)', 'execute without prepare: p'],
  ['CREATE TABLE t AS EXECUTE p (1)', 'execute without prepare: p'],
])('says what hides the lineage of: %s', (sql, obstacle) => {
  expect(follow(sql)).toEqual([obstacle]);
  expect(mayHaveLineage(mask(sql), kindOf(mask(sql)))).toBe(true);
});

test('an EXECUTE has the lineage of the PREPARE of its session, or of its log entry', () => {
  expect(follow('PREPARE p (int) AS INSERT INTO t SELECT $1 FROM a', 'EXECUTE p (1)')).toEqual(['a > t']);
  expect(follow('PREPARE p AS SELECT * FROM a', 'CREATE TABLE t AS EXECUTE p')).toEqual(['a > t']);
  const [prepare, execute] = ['PREPARE p AS UPDATE t SET x = a.x FROM a', 'EXECUTE p'].map((sql) =>
    analyze(parse(sql)),
  );
  const { edges } = new Session().resolve(execute, prepare);
  expect(edges).toEqual([{ source: { name: 'a' }, target: { name: 't' } }]);
});

test('rows are followed through the temporary tables of a session', () => {
  expect(
    follow(
      'CREATE TEMP TABLE step1 (x int)',
      'INSERT INTO step1 SELECT x FROM s.a',
      'CREATE TEMP TABLE step2 ON COMMIT DROP AS SELECT * FROM step1 JOIN s.b USING (x)',
      'INSERT INTO r.t SELECT * FROM step2',
      'INSERT INTO r.u SELECT * FROM pg_temp.step1',
    ),
  ).toEqual(['s.a > r.t', 's.b > r.t', 's.a > r.u']);
});

test('a temporary table into which rows go and that nobody reads is left over', () => {
  const session = new Session();
  for (const sql of ['CREATE TEMP TABLE x AS SELECT * FROM a', 'INSERT INTO x SELECT * FROM b'])
    session.resolve(analyze(parse(sql)));
  expect(session.unread()).toEqual([{ name: 'x', statements: 2 }]);
  session.resolve(analyze(parse('INSERT INTO t SELECT * FROM x')));
  expect(session.unread()).toEqual([]);
});

test.each([
  ['ALTER TABLE s.a RENAME TO b', 'renamed', 's.a', 's.b'],
  ['ALTER VIEW a RENAME TO b', 'renamed', 'a', 'b'],
  ['ALTER TABLE a SET SCHEMA z', 'renamed', 'a', 'z.a'],
  ["ALTER TABLE s.p ATTACH PARTITION s.q FOR VALUES IN ('x')", 'attached', 's.q', 's.p'],
])('a table goes on under another name or as a part of another: %s', (sql, kind, from, to) => {
  const [succession] = analyze(parse(sql)).successions;
  expect([succession.kind, textOf(succession.from), textOf(succession.to)]).toEqual([kind, from, to]);
  expect(mayHaveLineage(mask(sql), kindOf(mask(sql)))).toBe(true);
});
