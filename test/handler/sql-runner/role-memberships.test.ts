import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  await createReachableOwner(admin, 'landlord');
  await createReachableOwner(admin, 'tenant');
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA house AUTHORIZATION landlord; GRANT USAGE, CREATE ON SCHEMA house TO tenant;
     SET ROLE tenant; CREATE TABLE house.flat (id int)`,
    'app',
  );
});
afterEach(async () => void (await succeed(requests().remove())));

test('a table whose owner lost USAGE on its schema is granted with the help of the schema owner', async () => {
  await server.sql('REVOKE ALL ON SCHEMA house FROM tenant', 'app');
  await succeed(requests().apply());
  await server.sql('CREATE TABLE house.later (id int); ALTER TABLE house.later OWNER TO tenant', 'app');
  const report = await succeed(requests().apply());
  expect(report.databases[0]).toMatchObject({ relations: 2, unreadableCount: 0 });
  await server.sql('SELECT * FROM house.flat, house.later', 'app', datafold);
});

testSince(16)(
  'a membership of the admin that was there without INHERIT and SET is so again afterwards',
  async () => {
    await server.sql(
      'GRANT tenant, landlord TO master WITH INHERIT FALSE, SET FALSE',
      'postgres',
      server.postgres.admin,
    );
    const before = await server.dump('app');
    await succeed(requests().apply());
    await server.sql('SELECT * FROM house.flat', 'app', datafold);
    await succeed(requests().remove());
    expect(await server.dump('app')).toBe(before);
    await server.sql('REVOKE tenant, landlord FROM master', 'postgres', server.postgres.admin);
  },
);

test('if one of several memberships is refused, the others are granted one by one and restored', async () => {
  await server.sql(
    `CREATE ROLE member_of_admin; GRANT master TO member_of_admin; GRANT USAGE, CREATE ON SCHEMA house TO member_of_admin;
     SET ROLE member_of_admin; CREATE TABLE house.cellar (id int)`,
    'app',
  );
  const memberships = async () =>
    (await server.dump('app')).split('\n').filter((line) => /^member (?!datafold )/.test(line));
  const before = await memberships();
  const report = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
  expect(report.databases[0]).toMatchObject({ relations: 2, unreadableCount: 1 });
  await server.sql('SELECT * FROM house.flat', 'app', datafold);
  expect(await memberships()).toEqual(before);
  await server.sql('DROP OWNED BY member_of_admin; DROP ROLE member_of_admin', 'app');
});
