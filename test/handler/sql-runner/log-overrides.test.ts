import { overrideNotices } from '../../../lib/handler/provisioner/database-access/notices';
import { requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.freshDatabase('dwh');
  await server.sql('CREATE ROLE "E t L"; CREATE ROLE loud; CREATE ROLE elsewhere');
  await succeed(requestsTo(server.postgres).apply());
});

const report = async () => (await succeed(requestsTo(server.postgres).verify())).databases[0];

test('nothing is reported if no role or database has a log_statement setting', async () => {
  const { logOverrides } = await report();
  expect(logOverrides).toEqual([]);
  expect(overrideNotices([await report()])).toEqual([]);
});

test('names the databases and roles that are logged less, with the statement that resets each setting', async () => {
  await server.sql(`ALTER ROLE "E t L" SET log_statement = 'none';
    ALTER ROLE elsewhere SET log_statement = 'NONE'; -- as an exclusion of ours is written
    ALTER ROLE loud SET log_statement = 'all';
    ALTER ROLE loud IN DATABASE app SET log_statement = 'ddl';
    ALTER ROLE elsewhere IN DATABASE dwh SET log_statement = 'none';
    ALTER DATABASE app SET log_statement = 'none'; ALTER DATABASE app SET work_mem = '5MB';
    ALTER ROLE ALL SET log_statement = 'ddl'`);
  const found = await report();
  expect(found.logStatement).toBe('none');
  expect(found.logOverrides).toEqual([
    { object: 'all roles', logStatement: 'ddl', statement: 'ALTER ROLE ALL RESET log_statement;' },
    { object: 'role "E t L"', logStatement: 'none', statement: 'ALTER ROLE "E t L" RESET log_statement;' },
    {
      object: 'database "app"',
      logStatement: 'none',
      statement: 'ALTER DATABASE "app" RESET log_statement;',
    },
    {
      object: 'role "loud" in database "app"',
      logStatement: 'ddl',
      statement: 'ALTER ROLE "loud" IN DATABASE "app" RESET log_statement;',
    },
  ]);
});

test('the reported statements reset the settings', async () => {
  const { logOverrides = [] } = await report();
  await server.sql(logOverrides.map(({ statement }) => statement).join('\n'));
  expect((await report()).logOverrides).toEqual([]);
});

test('the notice is one sentence', () => {
  const override = (role: string) => ({
    object: `role "${role}"`,
    logStatement: 'none',
    statement: `ALTER ROLE "${role}" RESET log_statement;`,
  });
  const database = { databaseName: 'app', logOverrides: ['a', 'b', 'c', 'd', 'e', 'f'].map(override) };
  const facts = { schemas: 0, relations: 0, unreadable: [], unreadableCount: 0, steps: [] };
  const [notice] = overrideNotices([{ ...database, ...facts }]);
  expect(notice).toBe(
    'Not all changes in database app are logged for Datafold, for these have a log_statement of their own: ' +
      'role "a" with log_statement=none (to end it: ALTER ROLE "a" RESET log_statement;); ' +
      'role "b" with log_statement=none (to end it: ALTER ROLE "b" RESET log_statement;); ' +
      'role "c" with log_statement=none (to end it: ALTER ROLE "c" RESET log_statement;); ' +
      'role "d" with log_statement=none (to end it: ALTER ROLE "d" RESET log_statement;); ' +
      'role "e" with log_statement=none (to end it: ALTER ROLE "e" RESET log_statement;); and others.',
  );
});
