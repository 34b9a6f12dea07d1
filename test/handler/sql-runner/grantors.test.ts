import { createReachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const withoutShop = { ...ACCESS, databases: [{ databaseName: 'app', excludeSchemas: ['shop', 'two'] }] };
const held = () =>
  server.sql(
    `SELECT relname FROM pg_class c, aclexplode(c.relacl) a WHERE relnamespace = 'shop'::regnamespace AND grantee = 'datafold'::regrole`,
    'app',
  );

beforeAll(async () => {
  await createReachableOwner(await server.connection('postgres', server.postgres.admin), 'owner');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA shop AUTHORIZATION owner; CREATE SCHEMA two AUTHORIZATION owner;
     SET ROLE owner; CREATE TABLE shop.a (id int); CREATE TABLE shop.b (id int)`,
    'app',
  );
});

// PostgreSQL records the administrator as the grantor if it could be one; with ALL, if it has all grant options.
describe.each([
  ['SELECT on a table', 'GRANT SELECT ON shop.a TO master WITH GRANT OPTION'],
  ['everything on a table', 'GRANT ALL ON shop.a TO master WITH GRANT OPTION'],
  ['a schema', 'GRANT USAGE ON SCHEMA two TO master WITH GRANT OPTION'],
])('an admin that may pass on %s of the owner', (_what, grant) => {
  test('before the deployment: removing a schema and the role leaves no trace', async () => {
    await server.sql(`SET ROLE owner; ${grant}`, 'app');
    const before = await server.dump('app');
    await succeed(requests().apply());
    const { notices } = await succeed(requests().apply({ access: withoutShop, previous: ACCESS }));
    expect([notices, await held()]).toEqual([[], []]);
    await succeed(requests().remove());
    expect(await server.dump('app')).toBe(before);
  });

  test('after the deployment: removing a schema and the role leaves no trace', async () => {
    await succeed(requests().apply());
    await server.sql(`SET ROLE owner; ${grant}`, 'app');
    const { notices } = await succeed(requests().apply({ access: withoutShop, previous: ACCESS }));
    expect([notices, await held()]).toEqual([[], []]);
    await succeed(requests().remove());
    expect(await server.roleExists('datafold')).toBe(false);
  });
});

test('grants that PostgreSQL does not revoke despite a successful REVOKE are reported', async () => {
  await succeed(requests().apply());
  // From here on, the administrator is no longer a member of this grantor and the owner.
  await server.sql(
    `CREATE ROLE stranger SUPERUSER; ALTER TABLE shop.a OWNER TO stranger; GRANT SELECT ON shop.a TO master WITH GRANT OPTION;
     SET ROLE stranger; GRANT SELECT ON shop.a TO datafold`,
    'app',
  );
  const { notices } = await succeed(requests().apply({ access: withoutShop, previous: ACCESS }));
  expect(notices).toEqual([
    'A privilege could not be revoked. Ask its grantor to run: REVOKE ALL ON TABLE "shop"."a" FROM "datafold" CASCADE;',
  ]);
  await server.sql('DROP TABLE shop.a; DROP ROLE stranger', 'app');
  await succeed(requests().remove());
});

test('grants of other roles elsewhere are kept', async () => {
  const access = { ...ACCESS, databases: [{ databaseName: 'app', schemas: ['two'] }] };
  await succeed(requests().apply({ access }));
  await server.sql(
    `SET ROLE owner; GRANT USAGE ON SCHEMA shop TO datafold; GRANT SELECT ON shop.a TO datafold;
     ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO datafold`,
    'app',
  );
  const before = await server.dump('app');
  for (const previous of [undefined, access])
    expect((await succeed(requests().apply({ access, previous }))).statements).toBe(0);
  expect(await server.dump('app')).toBe(before);
  await succeed(requests().remove());
});
