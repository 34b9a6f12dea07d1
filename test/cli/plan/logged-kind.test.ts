import { loggedKind } from '../../../lib/cli/plan/volume/logged-kind';
import { wordsOf } from '../../../lib/cli/plan/volume/statement-bytes';
import { withServer } from '../../support/with-server';
import { inspectionOutput } from '../support/run-inspection';

const server = withServer({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
const SECRET = 'planted-7319';

/** Statements with their kind; undefined where `log_statement = mod` does not log them. The tables are `a` and `b`. */
const STATEMENTS: readonly (readonly [sql: string, command: string | undefined, hasLineage?: boolean])[] = [
  ['INSERT INTO a VALUES (1)', 'INSERT', false],
  ['INSERT INTO a SELECT id FROM b', 'INSERT', true],
  ['INSERT INTO a SELECT 1', 'INSERT', false],
  ['UPDATE a SET id = 2', 'UPDATE', false],
  ['UPDATE a SET id = b.id FROM b WHERE b.id = 77', 'UPDATE', true],
  ['UPDATE a SET id = (SELECT max(id) FROM b)', 'UPDATE', true],
  ['DELETE FROM a WHERE id = 3', 'DELETE', false],
  ['WITH x AS (SELECT 1 AS id) INSERT INTO a SELECT id FROM x', 'INSERT', true],
  ['WITH x AS (INSERT INTO a VALUES (4) RETURNING id) SELECT id FROM x', undefined],
  ['WITH RECURSIVE x AS (SELECT 1 UNION ALL SELECT 2) SELECT FROM x', undefined],
  ['SELECT * FROM a', undefined],
  ['(SELECT 1)', undefined],
  ["SELECT 'insert into a'", undefined],
  ['SELECT id INTO c1 FROM a', 'SELECT INTO', true],
  ['CREATE TABLE c2 AS SELECT id FROM a', 'CREATE TABLE AS', true],
  ['CREATE TEMP TABLE c3 (id int)', 'CREATE TABLE', false],
  ["/* dbt's comment */ -- another\n create table c4 as (select 1 as one)", 'CREATE TABLE AS', false],
  ['CREATE VIEW v AS SELECT id FROM a', 'CREATE VIEW', true],
  ['CREATE OR REPLACE VIEW v AS SELECT id FROM a', 'CREATE VIEW', true],
  ['CREATE MATERIALIZED VIEW m AS SELECT id FROM a', 'CREATE MATERIALIZED VIEW', true],
  ['REFRESH MATERIALIZED VIEW m', 'REFRESH', false],
  ['CREATE UNIQUE INDEX ON a (id) WHERE id > 100', 'CREATE INDEX', false],
  [
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ SELECT count(*)::int FROM a $f$',
    'CREATE FUNCTION',
    false,
  ],
  ['SELECT f()', undefined],
  ['DO $$ BEGIN INSERT INTO a VALUES (5); END $$', undefined],
  ['ALTER TABLE a ADD COLUMN note text', 'ALTER', false],
  ["COMMENT ON TABLE a IS 'notes'", 'COMMENT', false],
  ['GRANT SELECT ON a TO PUBLIC', 'GRANT', false],
  ['REVOKE SELECT ON a FROM PUBLIC', 'REVOKE', false],
  ['TRUNCATE c2', 'TRUNCATE', false],
  ['DROP VIEW v', 'DROP', false],
  ['EXPLAIN INSERT INTO a VALUES (6)', undefined],
  ['EXPLAIN ANALYZE INSERT INTO a VALUES (7)', 'EXPLAIN INSERT', false],
  ['EXPLAIN (ANALYZE, BUFFERS) INSERT INTO a VALUES (8)', 'EXPLAIN INSERT', false],
  ['PREPARE p AS INSERT INTO a VALUES ($1)', 'PREPARE INSERT', false],
  ['PREPARE q (int) AS SELECT id FROM a WHERE id = $1', undefined],
  ['VACUUM a', undefined],
  ['ANALYZE a', undefined],
  ['REINDEX TABLE a', undefined],
  ["SET work_mem = '5MB'", undefined],
  ['BEGIN', undefined],
  ['LOCK TABLE a', undefined],
  ['COMMIT', undefined],
  ['VALUES (1)', undefined],
  ['TABLE a', undefined],
];

test('the kind of a statement says whether the server logs it', async () => {
  const { postgres } = server;
  await server.freshDatabase('shop');
  const client = await server.connection('shop');
  await client.query('CREATE TABLE a (id int); CREATE TABLE b (id int)');
  const seen: (readonly [string, string | undefined, boolean?])[] = [];
  for (const [sql] of STATEMENTS) {
    const before = postgres.log().length;
    await client.query(sql);
    const isLogged = postgres.log().slice(before).includes('LOG:  statement: ');
    const kind = loggedKind(wordsOf(sql));
    expect([sql, kind !== undefined]).toEqual([sql, isLogged]);
    seen.push(kind ? [sql, kind.command, kind.hasLineage] : [sql, undefined]);
  }
  expect(seen).toEqual(STATEMENTS);
});

test('no constant of a statement leaves the server', async () => {
  await server.freshDatabase('shop');
  await server.sql('CREATE EXTENSION pg_stat_statements; CREATE TABLE notes (body text)', 'shop');
  await server.sql('ALTER TABLE notes OWNER TO master; ALTER SCHEMA public OWNER TO master', 'shop');
  const client = await server.connection('shop', server.postgres.admin);
  await server.sql('SELECT pg_stat_statements_reset()', 'shop');
  const texts = [
    `CREATE ROLE planted PASSWORD '${SECRET}'`,
    `ALTER ROLE planted PASSWORD E'${SECRET}\\'s'`,
    `COMMENT ON TABLE notes IS $c$ it's ${SECRET} $c$`,
    `/* ${SECRET} isn't here */ COMMENT ON TABLE notes IS '${SECRET} -- ''quoted'' /* '`,
    `CREATE VIEW v AS SELECT '${SECRET}' AS "It's", $$${SECRET}$$::text AS b -- ${SECRET}'s`,
    `CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN '${SECRET}'; END $f$`,
    `ALTER TABLE notes ADD COLUMN c text DEFAULT 'a\\' CHECK (c <> '${SECRET}')`,
    `INSERT INTO notes VALUES ('${SECRET}')`,
    `ALTER TABLE notes ALTER body SET DEFAULT '${'x'.repeat(1_490)}${SECRET}'`,
  ];
  for (const text of texts) await client.query(text);
  const output = await inspectionOutput(client);
  expect(
    output.split('\n').filter((line) => line.includes('"part" : "statements", "database"')),
  ).toHaveLength(texts.length);
  expect(output).not.toContain(SECRET);
});
