import { createReachableOwner } from '../../support/postgres-server/rds';
import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  await createReachableOwner(admin, 'other');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await succeed(requests().apply());
  await server.sql(
    `SET ROLE datafold;
     CREATE TABLE datafold_tmp.t (id serial PRIMARY KEY, name text CHECK (name <> ''));
     CREATE INDEX ON datafold_tmp.t (lower(name)); CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.t;
     CREATE TYPE datafold_tmp.e AS ENUM ('a'); CREATE DOMAIN datafold_tmp.d AS int CHECK (VALUE > 0);
     CREATE FUNCTION datafold_tmp.lo(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
     CREATE FUNCTION datafold_tmp.tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER tr BEFORE INSERT ON datafold_tmp.t FOR EACH ROW EXECUTE PROCEDURE datafold_tmp.tr();
     CREATE TABLE datafold_tmp.refers (id int REFERENCES datafold_tmp.t, e datafold_tmp.e, d datafold_tmp.d);
     ALTER TABLE datafold_tmp.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON datafold_tmp.t USING (EXISTS (SELECT FROM datafold_tmp.refers));
     CREATE STATISTICS datafold_tmp.s ON id, name FROM datafold_tmp.t;
     CREATE COLLATION datafold_tmp.c (LOCALE = 'C');
     RESET ROLE;
     CREATE TABLE public.keep (id int, name text);
     ALTER DEFAULT PRIVILEGES FOR ROLE other IN SCHEMA datafold_tmp GRANT SELECT ON TABLES TO PUBLIC`,
    'app',
  );
});

test('a temp schema goes with whatever the role made there', async () => {
  expect((await succeed(requests().remove())).notices).toEqual([]);
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(false);
});

test.each([
  [
    'a function with an argument of a row type',
    `CREATE FUNCTION public.f(datafold_tmp.t) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    'function public.f(datafold_tmp.t)',
  ],
  [
    'an index on an expression',
    'CREATE UNIQUE INDEX keep_i ON public.keep (datafold_tmp.lo(name))',
    'index public.keep_i',
  ],
  [
    'a row-level-security policy',
    'CREATE POLICY p ON public.keep USING (EXISTS (SELECT FROM datafold_tmp.t))',
    'policy p on table public.keep',
  ],
  [
    'a trigger',
    'CREATE TRIGGER t BEFORE INSERT ON public.keep FOR EACH ROW EXECUTE PROCEDURE datafold_tmp.tr()',
    'trigger t on table public.keep',
  ],
  [
    'a check constraint',
    `ALTER TABLE public.keep ADD CONSTRAINT k CHECK (datafold_tmp.lo(name) <> '')`,
    'constraint k on table public.keep',
  ],
  [
    'a foreign key',
    'ALTER TABLE public.keep ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES datafold_tmp.t',
    'constraint k on table public.keep',
  ],
  ['a column type', 'ALTER TABLE public.keep ADD e datafold_tmp.e', 'table public.keep'],
  ['a domain', 'CREATE DOMAIN public.dd AS datafold_tmp.d', 'type public.dd'],
  ['a view', 'CREATE VIEW public.on_it AS SELECT * FROM datafold_tmp.t', 'view public.on_it'],
  [
    'a materialized view',
    'CREATE MATERIALIZED VIEW public.m AS SELECT * FROM datafold_tmp.v',
    'materialized view public.m',
  ],
  ['a child table', 'CREATE TABLE public.child () INHERITS (datafold_tmp.refers)', 'table public.child'],
  ['a cast', 'CREATE CAST (datafold_tmp.e AS int) WITH INOUT', 'cast from datafold_tmp.e to integer'],
  [
    'a collation of a column',
    'ALTER TABLE public.keep ADD c text COLLATE datafold_tmp.c',
    'table public.keep',
  ],
  [
    'a table of somebody else in it',
    'CREATE TABLE datafold_tmp.theirs (id int); ALTER TABLE datafold_tmp.theirs OWNER TO other',
    'table datafold_tmp.theirs',
  ],
  [
    'a collation of somebody else in it',
    `CREATE COLLATION datafold_tmp.theirs (LOCALE = 'C'); ALTER COLLATION datafold_tmp.theirs OWNER TO other`,
    'collation datafold_tmp.theirs',
  ],
])('a temp schema is kept, and all that is built on it, for %s', async (_what, statement, named) => {
  await server.sql(statement, 'app');
  const before = await server.sql(EVERYTHING, 'app');
  const { notices } = await succeed(requests().remove());
  expect(notices[0]).toBe(`Schema "datafold_tmp" in database "app" is kept: others use it (${named}).`);
  expect(await server.sql(EVERYTHING, 'app')).toEqual(before);
});

const EVERYTHING = `SELECT pg_describe_object(classid, objid, 0) AS object FROM
  (SELECT classid, objid FROM pg_depend WHERE objid >= 16384 AND classid <> 'pg_default_acl'::regclass GROUP BY 1, 2) d ORDER BY 1`;
