import { PASSWORD, requestsTo } from '../../support/requests';
import { failingOf, readAll } from '../../support/reading';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const FOR_ADMINISTRATORS =
  'PostgreSQL reserves this object for administrators: ignore the view, or change it not to use the object.';
const access = { databases: [{ databaseName: 'app', excludeSchemas: ['hidden'] }] };

async function verified() {
  const [database] = (await succeed(requests().verify({ access }))).databases;
  return database;
}

const failing = async () => failingOf(await verified());
const read = (...relations: string[]) => readAll(server, relations, datafold);

async function asAdmin(text: string) {
  await server.sql(text, 'app', server.postgres.admin);
}

beforeAll(async () => {
  await server.sql('CREATE ROLE analyst; CREATE ROLE owner; GRANT analyst, owner TO master');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await asAdmin(
    `CREATE SCHEMA core; CREATE SCHEMA mart; CREATE SCHEMA hidden; GRANT USAGE, CREATE ON SCHEMA core, mart TO analyst, owner;
     CREATE TABLE core.t (id int, secret text); INSERT INTO core.t VALUES (1, 's'); CREATE TABLE hidden.h (id int)`,
  );
});
afterEach(async () => {
  await succeed(requests().remove({ access }));
});

test('readable views and materialized views are not reported', async () => {
  await asAdmin(
    `CREATE VIEW mart.v WITH (security_barrier, check_option = local) AS SELECT * FROM core.t WHERE abs(id) > 0 OR lower(secret) = 'x';
     CREATE MATERIALIZED VIEW mart.m AS SELECT 1 AS one; CREATE VIEW mart.of_hidden AS SELECT * FROM hidden.h; CREATE VIEW mart.vv AS SELECT v.id, count(*) FROM mart.v GROUP BY id`,
  );
  await succeed(requests().apply({ access }));
  expect(await verified()).toMatchObject({
    failingCount: 0,
    filteredCount: 0,
    unprovenCount: 0,
    settings: [],
  });
  expect(await read('mart.v', 'mart.m', 'mart.of_hidden', 'mart.vv')).toEqual({
    'mart.v': 1,
    'mart.m': 1,
    'mart.of_hidden': 0,
    'mart.vv': 1,
  });
});

test('a view whose owner may not read the underlying relations fails, at any depth, and does not count as readable', async () => {
  await asAdmin(
    `GRANT SELECT ON core.t TO analyst; SET ROLE analyst; CREATE VIEW mart.v AS SELECT * FROM core.t; CREATE VIEW mart.count AS SELECT count(*) FROM core.t;
     RESET ROLE; CREATE VIEW mart.vv AS SELECT id FROM mart.v; CREATE VIEW mart.vvv AS SELECT * FROM (SELECT 1 FROM mart.vv) x;
     CREATE VIEW mart.of_table AS SELECT * FROM core.t; CREATE MATERIALIZED VIEW mart.stored AS SELECT * FROM mart.v; REVOKE SELECT ON core.t FROM analyst`,
  );
  await succeed(requests().apply({ access }));
  const why = [
    'it reads "core"."t" as "analyst", which lacks SELECT',
    'GRANT SELECT ON TABLE "core"."t" TO "analyst";',
  ];
  expect(await failing()).toEqual({ 'mart.count': why, 'mart.v': why, 'mart.vv': why, 'mart.vvv': why });
  const { steps, failingCount } = await verified();
  expect(failingCount).toBe(4);
  expect(steps[2]).toEqual({
    step: 'schema_download',
    ok: true,
    message: '3 of 7 relations in 3 schemas can be read. Reading fails for 4.',
  });
  const names = ['mart.v', 'mart.count', 'mart.vv', 'mart.vvv', 'mart.of_table', 'mart.stored'];
  const [no, one] = ['42501', 1];
  expect(await read(...names)).toEqual({
    'mart.v': no,
    'mart.count': no,
    'mart.vv': no,
    'mart.vvv': no,
    'mart.of_table': one,
    'mart.stored': one,
  });
  await asAdmin(why[1]);
  expect(await failing()).toEqual({});
  expect(await read('mart.v', 'mart.vvv')).toEqual({ 'mart.v': 1, 'mart.vvv': 1 });
});

test('a view may use columns that its owner may read', async () => {
  await asAdmin(
    `GRANT SELECT ON core.t TO analyst; SET ROLE analyst; CREATE VIEW mart.id AS SELECT id FROM core.t; CREATE VIEW mart.both AS SELECT * FROM core.t;
     CREATE VIEW mart.filter AS SELECT id FROM core.t WHERE secret <> ''; CREATE VIEW mart.count AS SELECT count(*) FROM core.t; RESET ROLE;
     REVOKE SELECT ON core.t FROM analyst; GRANT SELECT (id) ON core.t TO analyst`,
  );
  await succeed(requests().apply({ access }));
  expect(Object.keys(await failing())).toEqual(['mart.both', 'mart.filter']);
  expect(await read('mart.id', 'mart.both', 'mart.filter', 'mart.count')).toEqual({
    'mart.id': 1,
    'mart.both': '42501',
    'mart.filter': '42501',
    'mart.count': 1,
  });
});

test('a view over a system table that its owner may not read fails', async () => {
  await server.sql(
    `CREATE VIEW mart.passwords AS SELECT rolname, rolpassword FROM pg_authid; ALTER VIEW mart.passwords OWNER TO analyst;
     CREATE VIEW mart.statistics AS SELECT attname FROM pg_catalog.pg_stats; ALTER VIEW mart.statistics OWNER TO analyst;
     CREATE VIEW mart.roles AS SELECT rolname FROM pg_roles; ALTER VIEW mart.roles OWNER TO analyst`,
    'app',
  );
  await succeed(requests().apply({ access }));
  expect(await failing()).toEqual({
    'mart.passwords': [
      'it reads "pg_catalog"."pg_authid" as "analyst", which lacks SELECT',
      FOR_ADMINISTRATORS,
    ],
  });
  expect((await read('mart.passwords'))['mart.passwords']).toBe('42501');
});

test('a view with functions that the role may not call fails, whoever owns it; other functions are not called', async () => {
  const procedure = server.postgres.versionNum >= 110000 ? 'FUNCTION' : 'PROCEDURE';
  await server.sql(
    `CREATE FUNCTION core.f(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION core.f(int, text) FROM PUBLIC;
     CREATE FUNCTION core.op(int, int) RETURNS bool LANGUAGE sql AS 'SELECT true'; REVOKE EXECUTE ON FUNCTION core.op(int, int) FROM PUBLIC;
     CREATE OPERATOR core.~~~ (LEFTARG = int, RIGHTARG = int, ${procedure} = core.op);
     CREATE FUNCTION core.runs() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE EXCEPTION 'it was run'; END $$;
     CREATE VIEW mart.f AS SELECT core.f(id, '') FROM core.t; CREATE VIEW mart.over AS SELECT * FROM mart.f;
     CREATE VIEW mart.op AS SELECT id FROM core.t WHERE id OPERATOR(core.~~~) 1; CREATE VIEW mart.file AS SELECT pg_read_file('PG_VERSION');
     CREATE VIEW mart.runs AS SELECT core.runs() AS x FROM core.t; CREATE VIEW mart.runs_above AS SELECT x FROM mart.runs;
     DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT oid FROM pg_class WHERE relkind = 'v' AND relnamespace = 'mart'::regnamespace LOOP
       EXECUTE format('ALTER VIEW %s OWNER TO owner', v); END LOOP; END $$; GRANT SELECT ON core.t TO owner`,
    'app',
  );
  await succeed(requests().apply({ access }));
  const f = [
    'it calls function "core"."f"(a integer, b text), on which "datafold" lacks EXECUTE',
    'GRANT EXECUTE ON FUNCTION "core"."f"(a integer, b text) TO "datafold";',
  ];
  expect(await failing()).toEqual({
    'mart.f': f,
    // Before PostgreSQL 11, such functions themselves reject roles that are not superusers.
    ...(server.postgres.versionNum >= 110000 && {
      'mart.file': [
        'it calls function "pg_catalog"."pg_read_file"(text), on which "datafold" lacks EXECUTE',
        FOR_ADMINISTRATORS,
      ],
    }),
    'mart.op': [
      'it calls function "core"."op"(integer, integer), on which "datafold" lacks EXECUTE',
      'GRANT EXECUTE ON FUNCTION "core"."op"(integer, integer) TO "datafold";',
    ],
    'mart.over': f,
  });
  const unproven = {
    reason: 'it calls function "core"."runs"(), which the verification does not call',
    next: 'Test it: read it as "datafold".',
  };
  expect((await verified()).unproven).toEqual([
    { relation: '"mart"."runs"', ...unproven },
    { relation: '"mart"."runs_above"', ...unproven },
  ]);
  expect(await read('mart.f', 'mart.over', 'mart.op', 'mart.file', 'mart.runs')).toEqual({
    'mart.f': '42501',
    'mart.over': '42501',
    'mart.op': '42501',
    'mart.file': '42501',
    'mart.runs': 'P0001',
  });
});

testSince(15)(
  'a view with security_invoker fails if the role may not read the underlying relations, also under another view',
  async () => {
    await asAdmin(
      `CREATE VIEW mart.v WITH (security_invoker = on) AS SELECT * FROM hidden.h; CREATE VIEW mart.vv AS SELECT * FROM mart.v;
     CREATE VIEW mart.harmless WITH (security_invoker) AS SELECT * FROM core.t; CREATE VIEW mart.off WITH (security_invoker = off) AS SELECT * FROM hidden.h`,
    );
    await succeed(requests().apply({ access }));
    const why = [
      'it reads "hidden"."h" as "datafold", which lacks SELECT',
      'GRANT SELECT ON TABLE "hidden"."h" TO "datafold";',
    ];
    expect(await failing()).toEqual({ 'mart.v': why, 'mart.vv': why });
    expect(await read('mart.v', 'mart.vv', 'mart.harmless', 'mart.off')).toEqual({
      'mart.v': '42501',
      'mart.vv': '42501',
      'mart.harmless': 1,
      'mart.off': 0,
    });
  },
);

test('a materialized view that is not populated fails, and so does a view over it', async () => {
  await asAdmin(
    'CREATE MATERIALIZED VIEW mart.m AS SELECT 1 AS one WITH NO DATA; CREATE VIEW mart.v AS SELECT * FROM mart.m',
  );
  await succeed(requests().apply({ access }));
  const why = ['materialized view "mart"."m" is not populated', 'REFRESH MATERIALIZED VIEW "mart"."m";'];
  expect(await failing()).toEqual({ 'mart.m': why, 'mart.v': why });
  expect(await read('mart.m', 'mart.v')).toEqual({ 'mart.m': '55000', 'mart.v': '55000' });
  await asAdmin(why[1]);
  expect(await failing()).toEqual({});
});

test('a relation that an extension does not grant does not count as readable, and fails no deployment', async () => {
  await server.sql(
    `CREATE EXTENSION hstore SCHEMA core; CREATE TABLE core.of_extension (id int); ALTER EXTENSION hstore ADD TABLE core.of_extension`,
    'app',
  );
  const { databases } = await succeed(requests().apply({ access }));
  expect(databases[0].steps[2].message).toBe(
    '1 of 2 relations in 3 schemas can be read. Reading fails for 1.',
  );
  expect(await failing()).toEqual({
    'core.of_extension': [
      'extension "hstore" does not grant it',
      'If Datafold needs it, grant SELECT as its owner.',
    ],
  });
});

test('the first twenty problems are named, and all are counted', async () => {
  await asAdmin(
    `DO $$ BEGIN FOR i IN 1..25 LOOP EXECUTE format('CREATE MATERIALIZED VIEW mart.m%s AS SELECT 1 AS one WITH NO DATA', i); END LOOP; END $$`,
  );
  await succeed(requests().apply({ access }));
  const { failing: named, failingCount } = await verified();
  expect([named?.length, failingCount]).toEqual([20, 25]);
});
