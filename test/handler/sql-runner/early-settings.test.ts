import type { PasswordRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { testEachSince } from '../../support/since';
import { fail, succeed, withServer } from '../../support/with-server';

// The owner of a database can change settings of it that end each session before its first statement.
const server = withServer();
const requests = () => requestsTo(server.postgres);
const owner = { user: 'owner', password: 'owner' };

beforeAll(async () => {
  await server.sql(`CREATE ROLE owner LOGIN PASSWORD 'owner'`, 'postgres', server.postgres.admin);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE TABLE public.t (id int)', 'app', server.postgres.admin);
  await succeed(requests().apply());
  await server.sql('ALTER DATABASE app OWNER TO owner');
});
afterEach(async () => {
  await server.sql('ALTER DATABASE app RESET ALL');
  await succeed(requests().remove());
});

const SETTINGS: readonly [string, string, number][] = [
  ['statement_timeout', '1', 10],
  ['idle_session_timeout', '1', 14],
  ['transaction_timeout', '1', 17],
  ['local_preload_libraries', 'nowhere', 10],
  ['lock_timeout', '1', 10],
  ['default_transaction_read_only', 'on', 10],
  ['idle_in_transaction_session_timeout', '1', 10],
];
const since = ([, , version]: (typeof SETTINGS)[number]) => version;

testEachSince(SETTINGS, since)('the owner of a database blocks no removal with %s', async (name, value) => {
  await server.sql(`ALTER DATABASE app SET ${name} = '${value}'`, 'postgres', owner);
  await succeed(requests().remove());
  expect(await server.roleExists('datafold')).toBe(false);
});

test('a deployment that a setting of the database fails names the setting and how to reset it', async () => {
  await server.sql(`ALTER DATABASE app SET local_preload_libraries = 'nowhere'`, 'postgres', owner);
  const { message } = await fail(requests().apply(), 20_000);
  expect(message).toBe(
    `Connecting to database "app" at localhost:${server.postgres.port} as "datafold" failed: could not access file "$libdir/plugins/nowhere": No such file or directory (58P01). ` +
      'local_preload_libraries or session_preload_libraries of the database, the role or the server ends sessions before their first statement. ' +
      'Run from another database: ALTER DATABASE "app" RESET local_preload_libraries; ALTER DATABASE "app" RESET session_preload_libraries; ' +
      'or ALTER ROLE "datafold" RESET local_preload_libraries; ALTER ROLE "datafold" RESET session_preload_libraries; pg_db_role_setting shows where the setting is.',
  );
});

test('the owner of a database blocks no rotation, which can tell that a password fits', async () => {
  await server.sql(`ALTER DATABASE app SET local_preload_libraries = 'nowhere'`, 'postgres', owner);
  const { server: address, admin } = requests().remove();
  const request: PasswordRequest = {
    ...{ operation: 'set-password', server: address, admin, roleName: 'datafold', databaseName: 'app' },
    ...{ passwordSecret: 'role', password: PASSWORD, currentPassword: PASSWORD },
    maintenanceDatabase: 'postgres',
  };
  expect(await succeed(request)).toEqual({ changed: false });
  const changed = { ...request, password: 'N3w-Datafold-Pa55word' };
  expect(await succeed(changed)).toEqual({ changed: true });
});
