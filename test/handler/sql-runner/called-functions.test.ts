import { PASSWORD, requestsTo } from '../../support/requests';
import { failingOf, readAll } from '../../support/reading';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const verified = async () => (await succeed(requests().verify())).databases[0];

test('functions that a view calls by an aggregate or a domain are named too', async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE ROLE owner; CREATE SCHEMA core AUTHORIZATION master; CREATE SCHEMA mart AUTHORIZATION master; GRANT USAGE ON SCHEMA core TO owner; CREATE TABLE core.t (id int); INSERT INTO core.t VALUES (1);
     CREATE FUNCTION core.adds(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it was run'; END $$;
     CREATE AGGREGATE core.total(int) (sfunc = core.adds, stype = int, initcond = '0'); CREATE AGGREGATE core.builtin(int) (sfunc = int4pl, stype = int, initcond = '0');
     CREATE FUNCTION core.checks(int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it was run'; END $$;
     CREATE FUNCTION core.closed(int) RETURNS bool LANGUAGE sql AS 'SELECT true'; REVOKE EXECUTE ON FUNCTION core.closed(int) FROM PUBLIC;
     CREATE DOMAIN core.small AS int CHECK (core.checks(VALUE)); CREATE DOMAIN core.smaller AS core.small; CREATE DOMAIN core.secret AS int CHECK (core.closed(VALUE));
     CREATE DOMAIN core.simple AS int CHECK (VALUE > 0);
     CREATE VIEW mart.total AS SELECT core.total(id) FROM core.t; CREATE VIEW mart.builtin AS SELECT core.builtin(id) FROM core.t;
     CREATE VIEW mart.smaller AS SELECT id::core.smaller FROM core.t; ${server.postgres.versionNum >= 110000 ? 'CREATE VIEW mart.many AS SELECT ARRAY[id]::core.small[] FROM core.t;' : ''}
     CREATE VIEW mart.secret AS SELECT id::core.secret FROM core.t; CREATE VIEW mart.simple AS SELECT id::core.simple FROM core.t;
     DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT oid FROM pg_class WHERE relkind = 'v' AND relnamespace = 'mart'::regnamespace LOOP
       EXECUTE format('ALTER VIEW %s OWNER TO owner', v); END LOOP; END $$; GRANT SELECT ON core.t TO owner; ALTER TABLE core.t OWNER TO master; GRANT owner TO master`,
    'app',
  );
  await succeed(requests().apply());
  expect(failingOf(await verified())).toEqual({
    'mart.secret': [
      'it calls function "core"."closed"(integer), on which "datafold" lacks EXECUTE',
      'GRANT EXECUTE ON FUNCTION "core"."closed"(integer) TO "datafold";',
    ],
  });
  const calls = (name: string, args: string) => ({
    reason: `it calls function "core"."${name}"(${args}), which the verification does not call`,
    next: 'Test it: read it as "datafold".',
  });
  const isOf11 = server.postgres.versionNum >= 110000; // arrays of domains are new
  expect((await verified()).unproven).toEqual([
    ...(isOf11 ? [{ relation: '"mart"."many"', ...calls('checks', 'integer') }] : []),
    { relation: '"mart"."smaller"', ...calls('checks', 'integer') },
    { relation: '"mart"."total"', ...calls('adds', 'integer, integer') },
  ]);
  const relations = ['mart.total', 'mart.smaller', 'mart.secret', 'mart.builtin', 'mart.simple'];
  expect(await readAll(server, relations, datafold)).toEqual({
    'mart.total': 'P0001',
    'mart.smaller': 'P0001',
    'mart.secret': '42501',
    'mart.builtin': 1,
    'mart.simple': 1,
  });
});
