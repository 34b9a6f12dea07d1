import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const boss = { user: 'boss', password: 'boss' };

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['etl', 'clerk']) await createReachableOwner(admin, role);
  await server.sql(`CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'boss'`);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO master; -- up to 14, a superuser's
     CREATE SCHEMA etl AUTHORIZATION etl`,
    'app',
  );
});
afterEach(async () => {
  await succeed(requests().remove());
});

/** Who makes tables that the role can read at once, in which schema. */
const defaults = async () => {
  const rows = await server.sql(
    `SELECT pg_get_userbyid(defaclrole) || ' in ' || coalesce(nspname, 'all') AS one FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace
     WHERE defaclobjtype = 'r' AND defaclacl::text ~ 'datafold=' ORDER BY 1`,
    'app',
  );
  return rows.map((row) => row.one);
};

const makeExpiringLogin = async () =>
  server.sql(
    `CREATE ROLE "v-token" LOGIN VALID UNTIL '2099-01-01'; GRANT etl TO "v-token"`,
    'app',
    server.postgres.admin,
  );

test('a login that expires can be dropped, as the tools that made it do', async () => {
  await makeExpiringLogin();
  await succeed(requests().apply());
  await server.sql('DROP ROLE "v-token"', 'app', server.postgres.admin);
});

test('a login that expires counts once it has made tables', async () => {
  await makeExpiringLogin();
  await server.sql('SET ROLE "v-token"; CREATE TABLE etl.one (id int)', 'app');
  await succeed(requests().apply());
  expect(await defaults()).toContain('v-token in etl');
  await server.sql('DROP OWNED BY "v-token"; DROP ROLE "v-token"', 'app');
});

test('an admin that is a superuser counts in each schema, other superusers only where they made something', async () => {
  await server.sql('CREATE ROLE chief SUPERUSER; SET ROLE chief; CREATE TABLE etl.made (id int)', 'app');
  await succeed(requests().apply({ admin: boss }));
  await server.sql('CREATE TABLE public.late (id int)', 'app', boss);
  await server.sql('SELECT * FROM public.late', 'app', datafold);
  expect(await defaults()).toEqual([
    'boss in etl',
    'boss in public',
    'chief in etl',
    'etl in etl',
    'master in public',
  ]);
  await succeed(requests().remove({ admin: boss }));
});

test.each([
  ['in all schemas', 'ALTER DEFAULT PRIVILEGES FOR ROLE etl GRANT SELECT ON TABLES TO datafold'],
  ['for everybody', 'ALTER DEFAULT PRIVILEGES FOR ROLE etl IN SCHEMA etl GRANT SELECT ON TABLES TO PUBLIC'],
])('a default privilege that is there %s is not given again', async (_how, sql) => {
  await succeed(requests().apply({ access: { futureTables: false } }));
  await server.sql(sql, 'app');
  await succeed(requests().apply());
  expect(await defaults()).not.toContain('etl in etl');
});

test('where everybody may create, those count who have made relations anywhere, and the owner of the database', async () => {
  await server.sql(
    'GRANT CREATE ON SCHEMA public TO PUBLIC; SET ROLE etl; CREATE TABLE etl.one (id int)',
    'app',
  );
  await succeed(requests().apply());
  expect(await defaults()).toEqual(['etl in etl', 'etl in public', 'master in public']);
});
