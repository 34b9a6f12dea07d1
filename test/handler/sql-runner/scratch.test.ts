import { PASSWORD, requestsTo } from '../../support/requests';
import { testEachSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

/** Objects that a role may leave in its temp schema, with the first version of PostgreSQL that has them. */
const LEFTOVERS: [string, number, string][] = [
  [
    'an aggregate without arguments',
    10,
    `CREATE AGGREGATE datafold_tmp.n(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0')`,
  ],
  [
    'procedures that only differ in what they return',
    14,
    `CREATE PROCEDURE datafold_tmp.p(a int) LANGUAGE sql AS 'SELECT 1';
     CREATE PROCEDURE datafold_tmp.p(OUT a text, b text) LANGUAGE sql AS 'SELECT 1'`,
  ],
  [
    'functions of all kinds, and a type of theirs',
    10,
    `CREATE TYPE datafold_tmp.r AS RANGE (subtype = int4); CREATE TYPE datafold_tmp."Weird ""T" AS (x int);
     CREATE FUNCTION datafold_tmp.v(VARIADIC a int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION datafold_tmp.o(a int, OUT b int, OUT c datafold_tmp.r) LANGUAGE sql AS 'SELECT 1, NULL::datafold_tmp.r';
     CREATE FUNCTION datafold_tmp.tt() RETURNS TABLE (x int) LANGUAGE sql AS 'SELECT 1'`,
  ],
  [
    'tables, and what hangs on them',
    10,
    `CREATE TABLE datafold_tmp.part (id int) PARTITION BY RANGE (id);
     CREATE TABLE datafold_tmp.part1 PARTITION OF datafold_tmp.part FOR VALUES FROM (1) TO (10);
     CREATE TABLE datafold_tmp.i (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
     CREATE MATERIALIZED VIEW datafold_tmp.m AS SELECT * FROM datafold_tmp.i;
     CREATE SEQUENCE datafold_tmp.sq; CREATE TABLE datafold_tmp.uses (id int DEFAULT nextval('datafold_tmp.sq'));
     CREATE TABLE datafold_tmp.parent (id int); CREATE TABLE datafold_tmp.child () INHERITS (datafold_tmp.parent)`,
  ],
  [
    'what is neither',
    10,
    `CREATE OPERATOR datafold_tmp.### (leftarg = int, rightarg = int, procedure = int4pl);
     CREATE TEXT SEARCH CONFIGURATION datafold_tmp.ts (COPY = pg_catalog.english)`,
  ],
];

testEachSince(LEFTOVERS, ([, since]) => since)(
  'the temp schema is dropped with %s',
  async (_what, _since, sql) => {
    await server.freshDatabase('app');
    const before = await server.dump('app');
    await succeed(requests().apply());
    await server.sql(sql, 'app', datafold);
    expect((await succeed(requests().remove())).notices).toEqual([]);
    expect(await server.dump('app')).toBe(before);
  },
);
