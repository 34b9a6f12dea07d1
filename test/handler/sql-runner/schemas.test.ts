import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };

test('all schemas are granted except system and extension schemas', async () => {
  const { apply, remove } = requestsTo(server.postgres);
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA "Sales 2026"; CREATE TABLE "Sales 2026"."Orders" (id int);
     CREATE SCHEMA empty; CREATE TABLE public.notes (id int); CREATE TEMP TABLE gone (id int)`,
    'app',
    server.postgres.admin,
  );
  // As the superuser: schemas of RDS and extensions.
  await server.sql(
    `CREATE SCHEMA rds_tools; CREATE TABLE rds_tools.t (id int);
     CREATE SCHEMA cron AUTHORIZATION master; CREATE TABLE cron.job (id int); ALTER EXTENSION plpgsql ADD SCHEMA cron;
     CREATE TABLE public.of_extension (id int); ALTER EXTENSION plpgsql ADD TABLE public.of_extension`,
    'app',
  );
  const other = {
    owner: { key: 'k2', id: 'i2', stackName: 'Other' },
    access: { roleName: 'other', tempSchema: 'other_tmp' },
  };
  await succeed(apply(other));
  const report = await succeed(apply());
  expect(report.databases[0]).toMatchObject({ schemas: 3, unreadableCount: 0 });
  const readable = await server.sql(
    `SELECT n.nspname AS name FROM pg_namespace n WHERE nspname !~ '^pg_' AND EXISTS (
       SELECT FROM aclexplode(n.nspacl) a WHERE a.grantee = 'datafold'::regrole) ORDER BY 1`,
    'app',
  );
  expect(readable.map(({ name }) => name)).toEqual(['Sales 2026', 'datafold_tmp', 'empty']); // public: PUBLIC may use it
  await server.sql('SELECT * FROM "Sales 2026"."Orders", public.notes', 'app', datafold);
  for (const table of ['rds_tools.t', 'cron.job', 'public.of_extension']) {
    await expect(server.sql(`SELECT * FROM ${table}`, 'app', datafold)).rejects.toMatchObject({
      code: '42501',
    });
  }
  await succeed(remove());
  await succeed(remove(other));
});

test('a named schema is read, whatever it is', async () => {
  const { apply, remove } = requestsTo(server.postgres);
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA cron AUTHORIZATION master; SET ROLE master; CREATE TABLE cron.job (id int); RESET ROLE; ALTER EXTENSION plpgsql ADD SCHEMA cron',
    'app',
  );
  await succeed(apply({ access: { databases: [{ databaseName: 'app', schemas: ['cron'] }] } }));
  await server.sql('SELECT * FROM cron.job', 'app', datafold);
  await succeed(remove());
});

test('a comment that only resembles a mark is not a mark', async () => {
  const { apply, remove } = requestsTo(server.postgres);
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA z; CREATE TABLE z.t (id int);
     COMMENT ON SCHEMA z IS 'Made by cdk-datafold-postgres for stack "x". y [key=%zz id=1]'`,
    'app',
    server.postgres.admin,
  );
  expect((await succeed(apply())).databases[0]).toMatchObject({ schemas: 2, relations: 1 });
  await succeed(remove());
});

test('schemas that usually contain secrets get a notice if all schemas are granted, and none if they are named', async () => {
  const { apply, remove } = requestsTo(server.postgres);
  await server.freshDatabase('app');
  await server.sql(
    'CREATE SCHEMA auth; CREATE SCHEMA vault; CREATE SCHEMA sales',
    'app',
    server.postgres.admin,
  );
  const notices = async (spec: object) => {
    const access = { databases: [{ databaseName: 'app', ...spec }] };
    return (await succeed(apply({ access }))).notices;
  };
  const notice =
    'Database "app": all schemas are granted, including "auth", "vault": schemas of these names usually contain keys, password hashes or tokens. ' +
    'To exclude them, name them in excludeSchemas; to keep them, name all schemas in schemas.';
  expect(await notices({})).toContain(notice);
  expect(await notices({})).toContain(notice); // although nothing needs to change
  expect(await notices({ excludeSchemas: ['auth', 'vault'] })).not.toContainEqual(
    expect.stringContaining('password hashes'),
  );
  expect(await notices({ schemas: ['auth', 'sales'] })).not.toContainEqual(
    expect.stringContaining('password hashes'),
  );
  await succeed(remove());
});
