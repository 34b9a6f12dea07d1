import { scriptOf } from './support/run';
import { runPsqlScript } from '../support/psql-script';
import { PASSWORD } from '../support/requests';
import { withServer } from '../support/with-server';

const server = withServer();

const run = async (...args: string[]) =>
  runPsqlScript(await scriptOf(['--database', 'app', ...args]), {
    connect: async (database) => server.postgres.connect(server.postgres.admin, database),
    password: PASSWORD,
  });
const readable = async () =>
  (
    await server.sql(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('public', 'sales') AND has_table_privilege('datafold', c.oid, 'SELECT') ORDER BY 1`,
      'app',
    )
  ).map(({ name }) => name);
const limits = () =>
  server.sql(
    `SELECT rolconnlimit AS limit, array_to_string(s.setconfig, ' ') AS settings, d.datname AS database
     FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid LEFT JOIN pg_database d ON d.oid = s.setdatabase WHERE rolname = 'datafold'`,
  );

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE ROLE clerk', 'postgres', server.postgres.admin);
  await server.sql(
    `CREATE SCHEMA sales AUTHORIZATION clerk; SET ROLE clerk; CREATE TABLE sales.orders (id int); CREATE TABLE sales.pay_2025 (id int); CREATE TABLE sales."pay%" (id int)`,
    'app',
  );
  await server.sql('CREATE TABLE users (id int)', 'app', server.postgres.admin);
});

test('the printed script skips excluded tables, revokes SELECT on newly excluded ones, and sets the limits', async () => {
  await run();
  expect(await readable()).toEqual(['public.users', 'sales.orders', 'sales.pay%', 'sales.pay_2025']);
  expect(await limits()).toEqual([{ limit: -1, settings: null, database: null }]);
  await run(
    '--exclude-tables',
    'sales.pay_*,public.users',
    '--connection-limit',
    '3',
    '--statement-timeout',
    '60',
  );
  expect(await readable()).toEqual(['sales.orders', 'sales.pay%']);
  expect(await limits()).toEqual([{ limit: 3, settings: 'statement_timeout=+60000 ms', database: 'app' }]);
  await server.sql('SET ROLE clerk; CREATE TABLE sales.pay_2026 (id int)', 'app');
  expect(await readable()).toContain('sales.pay_2026');
  await run('--exclude-tables', 'sales.pay_*');
  expect(await readable()).toEqual(['public.users', 'sales.orders', 'sales.pay%']);
  await run('--remove');
  expect(await server.roleExists('datafold')).toBe(false);
});

test('a role that the script creates has its limit', async () => {
  await run('--connection-limit', '2', '--exclude-tables', '"sales"."pay%"');
  expect(await limits()).toEqual([{ limit: 2, settings: null, database: null }]);
  expect(await readable()).toEqual(['public.users', 'sales.orders', 'sales.pay_2025', 'sales.pay_2026']);
  await run('--remove');
});
