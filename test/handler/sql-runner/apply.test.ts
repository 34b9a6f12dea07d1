import { writerDump } from '../../support/catalog-dump';
import { ACCESS, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

const SHOP = `
  CREATE SCHEMA sales;
  CREATE TABLE sales.orders (id int, placed date) PARTITION BY RANGE (placed);
  CREATE TABLE sales.orders_2026 PARTITION OF sales.orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE VIEW sales.recent AS SELECT id FROM sales.orders;
  CREATE MATERIALIZED VIEW sales.total AS SELECT count(*) AS n FROM sales.orders;
  CREATE SCHEMA hr;
  CREATE TABLE hr.people (id int);
  CREATE TABLE public.settings (id int)`;

beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(SHOP, 'app', server.postgres.admin);
});
afterEach(async () => {
  await succeed(requests().remove());
});

test('creates the role, the temp schema and the grants, and verifies them by a login', async () => {
  const report = await succeed(requests().apply());
  const version = (await server.sql('SHOW server_version'))[0].server_version as string;
  expect(report).toMatchObject({
    finished: true,
    notices: [],
    databases: [
      {
        databaseName: 'app',
        schemas: 3,
        relations: 6,
        unreadable: [],
        unreadableCount: 0,
        logStatement: 'mod',
        steps: [
          {
            step: 'connection',
            ok: true,
            message: `Connected to database "app" as "datafold" over TLS (PostgreSQL ${version}).`,
          },
          {
            step: 'temp_schema',
            ok: true,
            message:
              server.postgres.versionNum >= 150000
                ? 'Tables can be created in schema "datafold_tmp".'
                : 'Tables can be created in schema "datafold_tmp". The role may also create tables in "public".',
          },
          { step: 'schema_download', ok: true, message: '6 of 6 relations in 3 schemas can be read.' },
          { step: 'lineage_download', ok: true, message: 'log_statement is mod.' },
        ],
      },
    ],
  });
  await server.sql(
    `SELECT * FROM sales.orders, sales.orders_2026, sales.recent, sales.total, hr.people, public.settings;
     CREATE TABLE datafold_tmp.scratch AS SELECT 1 AS one; DROP TABLE datafold_tmp.scratch`,
    'app',
    datafold,
  );
});

test('writes nothing outside the temp schema', async () => {
  await succeed(requests().apply());
  await expect(server.sql('INSERT INTO hr.people VALUES (1)', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
  await expect(server.sql('CREATE TABLE hr.mine (id int)', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
});

test('sends no statement and writes no catalog row when nothing changed', async () => {
  await succeed(requests().apply());
  const client = await server.connection('app');
  const [before, logged] = [await writerDump(client), server.postgres.log().length];
  const report = await succeed(requests().apply());
  expect(report.statements).toBe(0);
  expect(await writerDump(client)).toBe(before);
  expect(server.postgres.log().slice(logged)).not.toMatch(/LOG: {2}(statement|execute)|ERROR/);
});

test('grants one new table with one statement', async () => {
  await succeed(requests().apply({ access: { futureTables: false } }));
  await server.sql('CREATE TABLE hr.more (id int)', 'app', server.postgres.admin);
  const logged = server.postgres.log().length;
  const report = await succeed(requests().apply({ access: { futureTables: false } }));
  expect(report.statements).toBe(1);
  const sent = server.postgres.log().slice(logged);
  expect(sent).toContain('GRANT SELECT ON TABLE "hr"."more" TO "datafold"');
  expect(sent).not.toContain('test_connection');
  expect(report.databases[0]).toMatchObject({ schemas: 3, relations: 7, unreadableCount: 0 });
  expect(await server.sql('SELECT * FROM hr.more', 'app', datafold)).toEqual([]);
});

test('lets the role read future tables', async () => {
  await succeed(requests().apply());
  await server.sql('CREATE TABLE hr.later (id int)', 'app', server.postgres.admin);
  expect(await server.sql('SELECT * FROM hr.later', 'app', datafold)).toEqual([]);
});

test('revokes the default privileges when future tables are disabled', async () => {
  await succeed(requests().apply());
  await succeed(requests().apply({ access: { futureTables: false }, previous: ACCESS }));
  await server.sql('CREATE TABLE hr.later (id int)', 'app', server.postgres.admin);
  await expect(server.sql('SELECT * FROM hr.later', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
  expect(await server.sql('SELECT * FROM pg_default_acl', 'app')).toEqual([]);
});

test('grants only the named schemas, and follows changes of the list', async () => {
  const [sales, hr] = [
    { databases: [{ databaseName: 'app', schemas: ['sales'] }] },
    { databases: [{ databaseName: 'app', schemas: ['hr'] }] },
  ];
  await succeed(requests().apply({ access: sales }));
  await expect(server.sql('SELECT * FROM hr.people', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
  await succeed(requests().apply({ access: hr, previous: { ...ACCESS, ...sales } }));
  expect(await server.sql('SELECT * FROM hr.people', 'app', datafold)).toEqual([]);
  await expect(server.sql('SELECT * FROM sales.orders', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
  const defaults = await server.sql(
    'SELECT defaclnamespace::regnamespace::text AS schema FROM pg_default_acl',
    'app',
  );
  expect(defaults).toEqual([{ schema: 'hr' }]);
});

test('revokes access to a newly excluded schema', async () => {
  const access = { databases: [{ databaseName: 'app', excludeSchemas: ['hr'] }] };
  await succeed(requests().apply());
  await succeed(requests().apply({ access, previous: ACCESS }));
  await expect(server.sql('SELECT * FROM hr.people', 'app', datafold)).rejects.toMatchObject({
    code: '42501',
  });
});

test('reports an excluded schema that does not exist', async () => {
  const databases = [{ databaseName: 'app', excludeSchemas: ['hrr'] }];
  const report = await succeed(requests().apply({ access: { databases } }));
  expect(report.notices).toEqual(['Database "app" has no schema "hrr", which excludeSchemas names.']);
});

test('sets the password again only when it changed', async () => {
  await succeed(requests().apply());
  const report = await succeed(requests().apply({ password: 'another one' }));
  expect(report.statements).toBe(1);
  await expect(server.sql('SELECT 1', 'app', datafold)).rejects.toMatchObject({ code: '28P01' });
  await server.sql('SELECT 1', 'app', { user: 'datafold', password: 'another one' });
});

test('accepts passwords of any characters', async () => {
  const password = `p"'\\$$ %s \u00aa \u00a0 ё 密码 \u00ad🔑`;
  await succeed(requests().apply({ password }));
  await server.sql('SELECT 1', 'app', { user: 'datafold', password });
});

test('grants one role access to several databases, and revokes it from databases that are no longer named', async () => {
  await server.freshDatabase('dwh');
  await server.sql(
    'CREATE TABLE public.facts (id int); REVOKE CONNECT ON DATABASE dwh FROM PUBLIC',
    'dwh',
    server.postgres.admin,
  );
  const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  const report = await succeed(requests().apply({ access: both }));
  expect(report.databases.map(({ databaseName, relations }) => [databaseName, relations])).toEqual([
    ['app', 6],
    ['dwh', 1],
  ]);
  expect(await server.sql('SELECT * FROM facts', 'dwh', datafold)).toEqual([]);
  await succeed(requests().apply({ previous: { ...ACCESS, ...both } }));
  await expect(server.sql('SELECT 1', 'dwh', datafold)).rejects.toMatchObject({ code: '42501' });
  expect(await server.sql(`SELECT nspname FROM pg_namespace WHERE nspname = 'datafold_tmp'`, 'dwh')).toEqual(
    [],
  );
  expect(await server.sql('SELECT * FROM pg_default_acl', 'dwh')).toEqual([]);
});

test('ignores a removed database that does not exist', async () => {
  await server.freshDatabase('dwh');
  const both = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  await succeed(requests().apply({ access: both }));
  await server.sql('DROP DATABASE dwh');
  await succeed(requests().apply({ previous: { ...ACCESS, ...both } }));
});

test('replaces the temp schema after a change of its name', async () => {
  await succeed(requests().apply());
  await server.sql('CREATE TABLE datafold_tmp.scratch (id int)', 'app', datafold);
  await succeed(requests().apply({ access: { tempSchema: 'scratch' }, previous: ACCESS }));
  const schemas = `SELECT nspname FROM pg_namespace WHERE nspname IN ('scratch', 'datafold_tmp')`;
  expect(await server.sql(schemas, 'app')).toEqual([{ nspname: 'scratch' }]);
  await succeed(requests().remove({ access: { tempSchema: 'scratch' } }));
});

test('reports that lineage needs another log_statement than none, and does not fail', async () => {
  await server.sql(`ALTER DATABASE app SET log_statement = 'ddl'`);
  const [database] = (await succeed(requests().apply())).databases;
  expect(database.logStatement).toBe('ddl');
  expect(database.steps[3]).toEqual({
    step: 'lineage_download',
    ok: false,
    message: 'log_statement is ddl. Column-level lineage needs mod or all.',
  });
});

test('fails for a schema that does not exist before anything changes', async () => {
  const logged = server.postgres.log().length;
  const error = await fail(
    requests().apply({ access: { databases: [{ databaseName: 'app', schemas: ['sales', 'nope'] }] } }),
  );
  expect(error).toEqual({
    message: 'Database "app" has no schema "nope" (3F000). Correct `schemas`, or create it first.',
    code: '3F000',
    retryable: false,
  });
  expect(server.postgres.log().slice(logged)).not.toMatch(/LOG: {2}(statement|execute)|ERROR/);
});
