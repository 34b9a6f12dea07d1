import { markerFor } from '../../../lib/handler/sql-runner/marker';
import { ACCESS, OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const eve = { user: 'eve', password: 'eve' };
const datafold = { user: 'datafold', password: PASSWORD };
const MARK = markerFor(OWNER);
const OTHER_MARK = markerFor({ key: 'x', id: 'y', stackName: 'Shop' });
const has = (privilege: string, schema: string, database = 'app') =>
  server
    .sql(`SELECT has_schema_privilege('datafold', '${schema}', '${privilege}') AS has`, database)
    .then(([row]) => row.has);

beforeAll(async () => {
  await server.sql(
    `CREATE ROLE eve LOGIN PASSWORD 'eve'; CREATE ROLE helper; CREATE ROLE mallory LOGIN CREATEROLE PASSWORD 'm'`,
  );
});
beforeEach(async () => {
  for (const name of ['app', 'dwh']) {
    await server.freshDatabase(name);
    await server.sql(`GRANT CREATE ON DATABASE ${name} TO eve`);
  }
});

test('a schema on which its owner copied the comment of a temp schema is read like any other', async () => {
  await server.sql(
    `CREATE SCHEMA eve CREATE TABLE t (id int); COMMENT ON SCHEMA eve IS '${OTHER_MARK}'`,
    'app',
    eve,
  );
  await server.sql(`ALTER TABLE eve.t OWNER TO master; ALTER SCHEMA eve OWNER TO eve`, 'app');
  const unreachable = { access: { onUnreadable: 'warn' as const } };
  const { databases } = await succeed(requests().apply(unreachable));
  expect(databases[0].schemas).toBe(2); // public and eve
  await succeed(requests().remove());
});

test('the temp schema of another stack, which the administrator owns, is not read', async () => {
  const other = { owner: { key: 'k2', id: 'x', stackName: 'Other' } };
  const access = { roleName: 'datafold2', tempSchema: 'other_tmp' };
  await succeed(requests().apply({ ...other, access }));
  const { databases } = await succeed(requests().apply());
  expect(databases[0].schemas).toBe(1);
  expect(await has('USAGE', 'other_tmp')).toBe(false);
  const verified = await succeed(requests().verify());
  expect(verified.databases[0].schemas).toBe(1); // nor by the role for itself, without the administrator
  await succeed(requests().remove());
  await succeed(requests().remove({ ...other, access }));
});

test('a temp schema of another role with a copied comment is refused, and nothing is granted in it', async () => {
  await succeed(requests().apply());
  await server.sql(
    `CREATE SCHEMA datafold_tmp; COMMENT ON SCHEMA datafold_tmp IS '${MARK}'; CREATE TABLE datafold_tmp.test_connection (id int)`,
    'dwh',
    eve,
  );
  const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  expect(await fail(requests().apply({ access: both, previous: ACCESS }))).toEqual({
    message:
      'Database "dwh": The schema "datafold_tmp" already exists and belongs to "eve", who is not the administrator, so its comment, which names a stack, is not trusted. Choose another tempSchema, set adoptExisting to use the schema, or, if a previous administrator created it, change its owner (ALTER SCHEMA "datafold_tmp" OWNER TO …).',
    code: '42P06',
    retryable: false,
  });
  expect(await has('CREATE', 'datafold_tmp', 'dwh')).toBe(false);
  const { notices } = await succeed(requests().remove({ access: both }));
  expect(notices).toEqual([
    'Schema "datafold_tmp" in database "dwh" is kept: it belongs to "eve", who is not the administrator, so its comment is not trusted.',
  ]);
  expect(await server.schemaExists('datafold_tmp', 'dwh')).toBe(true);
});

test('an existing table with the name of the test table passes the test only if the role owns it', async () => {
  await succeed(requests().apply());
  await server.sql('CREATE TABLE datafold_tmp.test_connection (id int)', 'app', datafold);
  const step = async () =>
    (await succeed(requests().verify())).databases[0].steps.find((one) => one.step === 'temp_schema');
  expect(await step()).toMatchObject({ ok: true });
  await server.sql('ALTER TABLE datafold_tmp.test_connection OWNER TO eve', 'app');
  expect(await step()).toEqual({
    step: 'temp_schema',
    ok: false,
    message:
      'Creating table "test_connection" in schema "datafold_tmp" failed: "eve" owns a table of that name (42P07), so Datafold cannot create its own. Run: DROP TABLE "datafold_tmp"."test_connection";',
  });
  await server.sql('DROP TABLE datafold_tmp.test_connection', 'app');
  await succeed(requests().remove());
});

test.each([
  ['view', 'VIEW %s AS SELECT 1 AS id', '42P07'],
  ['materialized view', 'MATERIALIZED VIEW %s AS SELECT 1 AS id', '42P07'],
  ['sequence', 'SEQUENCE %s', '42P07'],
  ['composite type', 'TYPE %s AS (id int)', '42P07'],
  ['enum type', `TYPE %s AS ENUM ('a')`, '42710'],
  ['domain', 'DOMAIN %s AS int', '42710'],
])('a %s of the role with the name of the test table fails the test and is named', async (_, made, code) => {
  await succeed(requests().apply());
  await server.sql(`CREATE ${made.replace('%s', 'datafold_tmp.test_connection')}`, 'app', datafold);
  const [kind] = /^(?:MATERIALIZED )?\w+/.exec(made)!;
  const drop = `DROP ${kind} "datafold_tmp"."test_connection";`;
  const { steps } = (await succeed(requests().verify())).databases[0];
  expect(steps[1]).toEqual({
    step: 'temp_schema',
    ok: false,
    message: `Creating table "test_connection" in schema "datafold_tmp" failed: "datafold" owns a ${kind.toLowerCase()} of that name (${code}), so Datafold cannot create its own. Run: ${drop}`,
  });
  await server.sql(drop, 'app', datafold);
  expect((await succeed(requests().verify())).databases[0].steps[1]).toMatchObject({ ok: true });
  await succeed(requests().remove());
});

describe('a role that another role with CREATEROLE created', () => {
  const isOld = () => server.postgres.versionNum < 160000; // CREATEROLE may do what the administrator may
  const mallory = { user: 'mallory', password: 'm' };

  afterEach(async () => {
    await server.sql('DROP OWNED BY datafold; DROP ROLE datafold', 'app');
  });

  test('is refused and kept, whatever its comment says, even if the administrator has the admin option on it', async () => {
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; COMMENT ON ROLE datafold IS '${MARK}'; GRANT datafold TO master WITH ADMIN OPTION`,
      'postgres',
      mallory,
    );
    if (isOld()) {
      await succeed(requests().apply());
      return;
    }
    expect(await fail(requests().apply())).toEqual({
      message:
        'The role "datafold" already exists. "mallory" created it and is not the administrator, so its comment, which names a stack, is not trusted. Choose another role name, or set adoptExisting to use it.',
      code: '42710',
      retryable: false,
    });
    expect((await succeed(requests().remove())).notices).toEqual([
      'Role "datafold" is kept: "mallory" created it and is not the administrator, so its comment is not trusted.',
    ]);
    expect(await server.roleExists('datafold')).toBe(true);
  });

  test('is recognized if the creator is a member of rds_superuser: the administrator was replaced', async () => {
    await server.sql('GRANT rds_superuser TO mallory');
    await server.sql(
      `CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; COMMENT ON ROLE datafold IS '${MARK}'; GRANT datafold TO master WITH ADMIN OPTION`,
      'postgres',
      mallory,
    );
    const report = await succeed(requests().apply());
    expect(report.found).toBe(true);
    await server.sql('REVOKE rds_superuser FROM mallory');
  });

  test('is refused on another server than RDS, also if its creator created a role named rds_superuser', async () => {
    if (isOld()) {
      await server.sql('CREATE ROLE datafold');
      return;
    }
    await server.sql('ALTER ROLE rds_superuser RENAME TO administrators');
    await server.sql(
      `CREATE ROLE rds_superuser; CREATE ROLE datafold LOGIN PASSWORD '${PASSWORD}'; COMMENT ON ROLE datafold IS '${MARK}'; GRANT datafold TO master WITH ADMIN OPTION`,
      'postgres',
      mallory,
    );
    const { code } = await fail(requests().apply());
    await server.sql('DROP ROLE rds_superuser; ALTER ROLE administrators RENAME TO rds_superuser');
    expect(code).toBe('42710');
  });
});

test('a schema is granted also if its owner is named like the superuser of RDS', async () => {
  const root = { user: 'root', password: 'root' };
  await server.sql(`CREATE ROLE root SUPERUSER LOGIN PASSWORD 'root'`);
  await server.sql('ALTER ROLE rdsadmin RENAME TO boss; CREATE ROLE rdsadmin', 'postgres', root);
  await server.sql('CREATE SCHEMA hidden AUTHORIZATION rdsadmin CREATE TABLE t (id int)', 'app', root);
  const { databases } = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
  await server.sql('DROP SCHEMA hidden CASCADE; DROP OWNED BY rdsadmin; DROP ROLE rdsadmin', 'app', root);
  await server.sql('ALTER ROLE boss RENAME TO rdsadmin', 'postgres', root);
  expect(databases[0].schemas).toBe(2); // public and hidden
  await succeed(requests().remove());
});
