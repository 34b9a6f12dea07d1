import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE TABLE orders (id int)', 'app', server.postgres.admin);
  await succeed(requests().apply());
  await server.postgres.becomeStandby();
});

const refusal = (database: string, user: string) => ({
  message:
    `Connecting to database "${database}" at localhost:${server.postgres.port} as "${user}" failed: the server is read-only (25006): ` +
    'it is a standby, a read replica or a reader endpoint, or was the writer until a failover. Use the writer endpoint.',
  code: '25006',
  retryable: true,
});

test('a standby is refused even if nothing needs to change', async () => {
  expect(await fail(requests().apply(), 2_000)).toEqual(refusal('app', 'master'));
});

test('a standby is refused by every other operation', async () => {
  const { server: address, admin, owner, access } = requests().apply();
  const of = { server: address, admin, roleName: 'datafold', password: PASSWORD, databaseName: 'app' };
  expect(await fail(requests().remove(), 2_000)).toEqual(refusal('postgres', 'master'));
  expect(await fail(requests().verify(), 2_000)).toEqual(refusal('app', 'datafold'));
  expect(
    await fail({ operation: 'plan', server: address, admin, owner, access, password: PASSWORD }, 2_000),
  ).toEqual(refusal('postgres', 'master'));
  expect(
    await fail(
      { ...of, ...{ operation: 'set-password', passwordSecret: 'role' }, maintenanceDatabase: 'postgres' },
      2_000,
    ),
  ).toEqual(refusal('app', 'datafold'));
});
