import { kindOf } from '../../../lib/cli/statement-log/kind';
import { mask } from '../../../lib/cli/statement-log/mask';

test.each([
  ["INSERT INTO Orders VALUES (1, 'Ada', 2.5e3), (2, E'it\\'s', -3)", 'insert into orders values (?)'],
  [
    "select U&'\\0041' , $1, x'1F', t1.a2 from t1 -- secret\n where b = 10",
    'select ? , $1, ?, t1.a2 from t1 where b = ?',
  ],
  [
    'SELECT $tag$ secret $$ $tag$, "Mixed ""Case\'s" /* a /* b */ secret */ FROM t',
    'select ?, "Mixed ""Case\'s" from t',
  ],
  ["SELECT 'it''s' 'unterminated secret", 'select ? ?'],
  ['SELECT $$unterminated secret', 'select ?'],
  ['SELECT 1 /* unterminated secret', 'select ?'],
  ['SELECT a$1$ FROM t_2024_01', 'select a$1$ from t_2024_01'],
  ["select date'2026-01-01', 1.5, .5, 1e-5", 'select date?, .?'],
])('masks literals and comments and keeps names: %s', (sql, masked) => {
  expect(mask(sql)).toBe(masked);
});

test('masks a statement of 1 MB in less than a second', () => {
  const sql = `INSERT INTO t VALUES ${Array.from({ length: 60_000 }, (_, i) => `(${i}, 'row ${i}''s')`).join(',')}`;
  const started = Date.now();
  expect(mask(sql)).toBe('insert into t values (?)');
  expect(Date.now() - started).toBeLessThan(1_000);
});

test.each([
  ['INSERT INTO t VALUES (1)', 'INSERT'],
  [
    '/* job */ WITH s AS (SELECT 1), d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d',
    'INSERT',
  ],
  ['WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x', 'SELECT'],
  ['UPDATE t SET a = 1', 'UPDATE'],
  ['delete from t', 'DELETE'],
  ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', 'MERGE'],
  ['COPY t FROM STDIN', 'COPY'],
  ['TRUNCATE t', 'TRUNCATE'],
  ['CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 1', 'CREATE TABLE AS'],
  ['CREATE TABLE IF NOT EXISTS t (a int GENERATED ALWAYS AS (1) STORED)', 'CREATE TABLE'],
  ['CREATE UNLOGGED TABLE t AS EXECUTE p(1)', 'CREATE TABLE AS'],
  ['SELECT a INTO t FROM s', 'SELECT INTO'],
  ["SELECT ' into ' FROM s", 'SELECT'],
  ['(SELECT 1) UNION SELECT 2', 'SELECT'],
  ['CREATE OR REPLACE RECURSIVE VIEW v (n) AS SELECT 1', 'CREATE VIEW'],
  ['CREATE MATERIALIZED VIEW v AS SELECT 1', 'CREATE MATERIALIZED VIEW'],
  ['REFRESH MATERIALIZED VIEW CONCURRENTLY v', 'REFRESH MATERIALIZED VIEW'],
  ['ALTER TABLE a RENAME TO b', 'ALTER TABLE'],
  ['PREPARE p AS INSERT INTO t SELECT 1', 'PREPARE'],
  ["PREPARE TRANSACTION 'x'", 'other'],
  ['EXECUTE p(1)', 'EXECUTE'],
  ['CALL f()', 'CALL'],
  ['DO $$ BEGIN INSERT INTO t VALUES (1); END $$', 'DO'],
  ['EXPLAIN (ANALYZE, BUFFERS) INSERT INTO t SELECT 1', 'INSERT'],
  ['explain analyze verbose update t set a = 1', 'UPDATE'],
  ['CREATE INDEX ON t (a)', 'other definition'],
  ['GRANT SELECT ON t TO r', 'other definition'],
  ["BEGIN; SET x = 'INSERT'; UPDATE t SET a = 1; COMMIT", 'UPDATE'],
  ['VACUUM t', 'other'],
  ['', 'other'],
])('finds the kind of: %s', (sql, kind) => {
  expect(kindOf(mask(sql))).toBe(kind);
});
