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
     CREATE FUNCTION datafold_tmp.to_bytea(datafold_tmp.e) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea';
     CREATE CAST (datafold_tmp.e AS bytea) WITH FUNCTION datafold_tmp.to_bytea(datafold_tmp.e); CREATE CAST (datafold_tmp.t AS datafold_tmp.e) WITH INOUT;
     CREATE FUNCTION datafold_tmp.less(datafold_tmp.e, datafold_tmp.e) RETURNS boolean LANGUAGE sql AS 'SELECT false';
     CREATE FUNCTION datafold_tmp.compare(datafold_tmp.e, datafold_tmp.e) RETURNS int LANGUAGE sql AS 'SELECT 0';
     CREATE OPERATOR datafold_tmp.<<< (leftarg = datafold_tmp.e, rightarg = datafold_tmp.e, procedure = datafold_tmp.less);
     CREATE AGGREGATE datafold_tmp.total(int) (sfunc = int4pl, stype = int);
     CREATE TEXT SEARCH DICTIONARY datafold_tmp.dict (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION datafold_tmp.cfg (COPY = english);
     ALTER TEXT SEARCH CONFIGURATION datafold_tmp.cfg ALTER MAPPING FOR word WITH datafold_tmp.dict;
     CREATE CONVERSION datafold_tmp.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
     CREATE TABLE datafold_tmp.unneeded (id int);
     RESET ROLE;
     CREATE OPERATOR CLASS datafold_tmp.ops FOR TYPE datafold_tmp.e USING btree AS
       OPERATOR 1 datafold_tmp.<<<, FUNCTION 1 datafold_tmp.compare(datafold_tmp.e, datafold_tmp.e);
     ALTER OPERATOR CLASS datafold_tmp.ops USING btree OWNER TO datafold; ALTER OPERATOR FAMILY datafold_tmp.ops USING btree OWNER TO datafold;
     CREATE TABLE public.keep (id int, name text);
     ALTER DEFAULT PRIVILEGES FOR ROLE other IN SCHEMA datafold_tmp GRANT SELECT ON TABLES TO PUBLIC`,
    'app',
  );
});

test('a temp schema is dropped with all objects that the role created in it', async () => {
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
  [
    'a cast to a type of somebody else',
    `CREATE TYPE public.theirs AS ENUM ('a'); CREATE CAST (datafold_tmp.e AS public.theirs) WITH INOUT`,
    'cast from datafold_tmp.e to public.theirs',
  ],
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
  const before = await objects();
  const { notices } = await succeed(requests().remove());
  expect(notices[0]).toBe(
    `Schema "datafold_tmp" in database "app" is kept: other roles or objects use it (${named}).`,
  );
  const after = await objects();
  expect(after.filter(isElsewhere)).toEqual(before.filter(isElsewhere));
  expect(after).toContain(named);
  const unneeded = await server.sql(
    `SELECT relname FROM pg_class WHERE relnamespace = 'datafold_tmp'::regnamespace AND relname = 'unneeded'
     UNION ALL SELECT oprname FROM pg_operator WHERE oprname = '<<<'
     UNION ALL SELECT cfgname FROM pg_ts_config WHERE cfgname = 'cfg'`,
    'app',
  );
  expect(unneeded).toEqual([]);
});

const objects = async () => (await server.sql(EVERYTHING, 'app')).map(({ object }) => String(object));
const isElsewhere = (object: string) => !/datafold_tmp|pg_toast|d_check/.test(object);

const EVERYTHING = `SET search_path TO pg_catalog; SELECT pg_describe_object(classid, objid, 0) AS object FROM
  (SELECT classid, objid FROM pg_depend WHERE objid >= 16384 AND classid <> 'pg_default_acl'::regclass GROUP BY 1, 2) d ORDER BY 1`;
