import { runScriptWithPsql, testWithPsql } from './support/psql';
import { scriptOf } from './support/run';
import { catalogDump } from '../support/catalog-dump';
import { runPsqlScript } from '../support/psql-script';
import { PASSWORD, requestsTo } from '../support/requests';
import { succeed, withServer } from '../support/with-server';

const server = withServer();
const ODD = `o"d'd \\ $$ %I :role`;

/** Schemas and tables of several owners, some readable by PUBLIC, some of extensions. */
async function populate(database: string): Promise<void> {
  await server.freshDatabase(database);
  await server.sql(
    `CREATE SCHEMA sales AUTHORIZATION clerk; CREATE SCHEMA archive AUTHORIZATION ${server.postgres.admin.user}; GRANT CREATE ON SCHEMA archive TO keeper; CREATE SCHEMA "we;i""rd" AUTHORIZATION clerk;
     GRANT USAGE ON SCHEMA archive TO PUBLIC;
     SET ROLE clerk; CREATE TABLE sales.orders (id int); CREATE VIEW sales.recent AS SELECT * FROM sales.orders;
     CREATE TABLE "we;i""rd"."ta%ble" (id int) PARTITION BY RANGE (id);
     CREATE TABLE "we;i""rd".part PARTITION OF "we;i""rd"."ta%ble" FOR VALUES FROM (1) TO (2);
     SET ROLE keeper; CREATE TABLE archive.old (id int); CREATE TABLE archive.open (id int); GRANT SELECT ON archive.open TO PUBLIC;
     CREATE MATERIALIZED VIEW archive.summary AS SELECT count(*) FROM archive.old`,
    database,
  );
  await server.sql(
    'CREATE TABLE public.notes (id int); ALTER DEFAULT PRIVILEGES GRANT CREATE, USAGE ON SCHEMAS TO keeper, PUBLIC',
    database,
    server.postgres.admin,
  );
}

beforeAll(async () => {
  // The administrator is a member of one owner, and may become a member of the other.
  await server.sql(
    'CREATE ROLE clerk; CREATE ROLE keeper; GRANT clerk TO CURRENT_USER',
    'postgres',
    server.postgres.admin,
  );
  await server.sql(`ALTER DATABASE postgres SET password_encryption = 'md5'`); // the default up to PostgreSQL 13
});
beforeEach(async () => {
  for (const database of ['app', ODD]) await populate(database);
  await server.sql('DROP ROLE IF EXISTS datafold');
});
/** The catalogs of both databases without the marks of roles and schemas. */
async function catalogs(): Promise<string> {
  const dumps: string[] = [];
  for (const database of ['app', ODD]) {
    const client = await server.postgres.connect(server.postgres.superuser, database);
    dumps.push(await catalogDump(client));
    await client.end();
  }
  return dumps
    .join('\n')
    .replace(/Made by cdk-datafold-postgres .*?(id=\S+\]|\[cdk-datafold-postgres .*$)/gm, '');
}

const setting = () => ({
  connect: async (database: string) => server.postgres.connect(server.postgres.admin, database),
  password: PASSWORD,
});
const run = async (...args: string[]) => runPsqlScript(await scriptOf(args), setting());
const BOTH = ['--database', 'app', '--database', ODD];

/** The result of a deployment with the same access. */
async function byFunction(
  databases: { databaseName: string; schemas?: string[]; excludeSchemas?: string[] }[],
) {
  const requests = requestsTo(server.postgres);
  await succeed(requests.apply({ access: { databases } }));
  const catalog = await catalogs();
  await succeed(requests.remove({ access: { databases } }));
  return catalog;
}

test.each([
  { name: 'all schemas', args: [], spec: {} },
  { name: 'schemas by name', args: ['--schemas', 'public,sales'], spec: { schemas: ['public', 'sales'] } },
  { name: 'all schemas but some', args: ['--exclude', 'archive'], spec: { excludeSchemas: ['archive'] } },
])(
  '$name: the catalog becomes what a deployment makes of it, and again what it was',
  async ({ args, spec }) => {
    const before = await catalogs();
    const wanted = await byFunction([
      { databaseName: 'app', ...spec },
      { databaseName: ODD, ...spec },
    ]);
    expect(await catalogs()).toBe(before);
    await run(...BOTH, ...args);
    expect(await catalogs()).toBe(wanted);
    await run(...BOTH, '--remove');
    expect(await catalogs()).toBe(before);
  },
);

test('the role can log in with the typed password, passes the verification, and no log contains the password', async () => {
  await run(...BOTH);
  const { databases } = await succeed(requestsTo(server.postgres).verify());
  expect(databases[0].steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
    'connection true',
    'temp_schema true',
    'schema_download true',
    'lineage_download true',
  ]);
  expect(server.postgres.log()).not.toContain(PASSWORD);
  expect(server.postgres.log()).toContain(`ALTER ROLE "datafold" PASSWORD 'SCRAM-SHA-256$`);
  expect(server.postgres.log()).not.toContain("PASSWORD 'md5");
});

test('a second run asks for no password and grants nothing', async () => {
  await run('--database', 'app');
  const changes = (await run('--database', 'app')).filter((text) =>
    /^(CREATE|COMMENT|ALTER|REVOKE|GRANT(?! ALL ON SCHEMA "datafold_tmp"))/.test(text),
  );
  expect(changes).toEqual([]);
});

test('adopts an existing role only with --adopt-existing, and a removal keeps it', async () => {
  await server.sql('CREATE ROLE datafold LOGIN', 'postgres', server.postgres.admin);
  await expect(run('--database', 'app')).rejects.toThrow('role "datafold" already exists');
  await run('--database', 'app', '--adopt-existing');
  await run('--database', 'app', '--remove');
  expect(await server.sql(`SELECT rolname FROM pg_roles WHERE rolname = 'datafold'`)).toHaveLength(1);
  await server.sql('DROP OWNED BY datafold', 'app');
});

test('a session of the role with an uncommitted change of its password does not block a removal', async () => {
  await run('--database', 'app');
  const session = await server.connection('app', { user: 'datafold', password: PASSWORD });
  await session.query(`BEGIN; ALTER ROLE datafold PASSWORD 'x'`);
  await run('--database', 'app', '--remove');
  expect(await server.roleExists('datafold')).toBe(false);
});

test('a schema that does not exist stops the script before anything is granted', async () => {
  await expect(run('--database', 'app', '--schemas', 'public,nosuch')).rejects.toThrow(
    'schema "nosuch" does not exist',
  );
  expect(await server.sql(`SELECT 1 FROM pg_namespace WHERE nspname = 'datafold_tmp'`, 'app')).toEqual([]);
});

test('a removal reassigns nothing to the administrator: a role that owns objects is kept without rights, until it is taken over again or dropped', async () => {
  await run('--database', 'app');
  await server.sql(
    `CREATE SCHEMA work; GRANT USAGE, CREATE ON SCHEMA work TO datafold; CREATE FUNCTION work.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    'app',
    server.postgres.admin,
  );
  await server.sql(
    'SET ROLE datafold; CREATE TABLE work.mine (id int); CREATE TABLE datafold_tmp.base (id int)',
    'app',
  );
  await server.sql('CREATE VIEW public.built AS SELECT * FROM datafold_tmp.base', 'app');
  await run('--database', 'app', '--remove');
  const owners = async () =>
    server.sql(
      `SELECT relname, relowner::regrole::text AS owner FROM pg_class WHERE relname IN ('mine', 'base') ORDER BY 1`,
      'app',
    );
  const stay = ['base', 'mine'].map((relname) => ({ relname, owner: 'datafold' }));
  expect(await owners()).toEqual(stay);
  const rights = `SELECT rolcanlogin AS login, rolpassword IS NOT NULL AS password, (SELECT count(*)::int FROM pg_auth_members WHERE member = a.oid) AS memberships,
    (SELECT count(*)::int FROM pg_shdepend WHERE refobjid = a.oid AND deptype = 'a') AS privileges FROM pg_authid a WHERE rolname = 'datafold'`;
  const none = [{ login: false, password: false, memberships: 0, privileges: 0 }];
  expect(await server.sql(rights)).toEqual(none);
  expect(
    await server.sql(`SELECT nspname FROM pg_namespace WHERE nspname = 'datafold_tmp'`, 'app'),
  ).toHaveLength(1);

  await run('--database', 'app');
  await server.sql('SELECT * FROM sales.orders', 'app', { user: 'datafold', password: PASSWORD });
  await server.sql(
    'GRANT clerk TO datafold; GRANT EXECUTE ON FUNCTION work.f() TO datafold',
    'app',
    server.postgres.admin,
  );
  const sent = await run('--database', 'app', '--remove');
  expect(sent.join()).not.toMatch(/REASSIGN|OWNER TO/);
  expect(await owners()).toEqual(stay);
  expect(await server.sql(rights)).toEqual(none);
  await server.sql('DROP VIEW public.built; GRANT datafold TO CURRENT_USER; DROP OWNED BY datafold', 'app');
  await run('--database', 'app', '--remove');
  expect(await server.roleExists('datafold')).toBe(false);
});

test('--owners names the roles that create future tables', async () => {
  const text = await scriptOf(['--database', 'app', '--schemas', 'sales', '--owners', 'clerk,keeper']);
  await runPsqlScript(text, setting());
  const rows = await server.sql(
    `SELECT defaclrole::regrole::text AS role, defaclnamespace::regnamespace::text AS schema FROM pg_default_acl WHERE defaclobjtype = 'r' ORDER BY 1`,
    'app',
  );
  expect(rows).toEqual([
    { role: 'clerk', schema: 'sales' },
    { role: 'keeper', schema: 'sales' },
  ]);
});

const runWithPsql = async (args: readonly string[], typed: readonly string[]) =>
  runScriptWithPsql(server.postgres, args, typed);

testWithPsql('psql itself runs both scripts as they stand', async () => {
  const before = await catalogs();
  const wanted = await byFunction([{ databaseName: 'app' }, { databaseName: ODD }]);
  const { code, output } = await runWithPsql(BOTH, [PASSWORD, PASSWORD]);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(await catalogs()).toBe(wanted);
  expect(output).toContain('GRANT SELECT ON TABLE sales.orders TO "datafold"');
  expect(output).not.toContain(PASSWORD);
  // Statements, their tags, prompts and notices, but no query of the catalog.
  expect(output).not.toMatch(/^\s*(SELECT|WITH|FROM|WHERE)\b/m);
  expect(server.postgres.log()).not.toContain(PASSWORD);
  expect(server.postgres.log()).not.toContain("PASSWORD 'md5");
  await succeed(requestsTo(server.postgres).verify());
  expect(await runWithPsql([...BOTH, '--remove'], [])).toMatchObject({ code: 0 });
  expect(await catalogs()).toBe(before);
});

testWithPsql('a password that was mistyped leaves no role, and the next run asks for it again', async () => {
  const { code, output } = await runWithPsql(BOTH, [PASSWORD, `${PASSWORD}?`]);
  expect(code).toBe(3);
  expect(output).toContain("Passwords didn't match.");
  expect(await server.roleExists('datafold')).toBe(false);
  expect(await runWithPsql(BOTH, [PASSWORD, PASSWORD])).toMatchObject({ code: 0 });
  await server.sql('SELECT * FROM sales.orders', 'app', { user: 'datafold', password: PASSWORD });
  expect(await runWithPsql([...BOTH, '--remove'], [])).toMatchObject({ code: 0 });
});
