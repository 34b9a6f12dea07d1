import type { Client } from 'pg';
import { catalogDump } from '../../support/catalog-dump';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { ACCESS, OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);
const exists = async (name: string) =>
  (await server.sql(`SELECT FROM pg_roles WHERE rolname = '${name}'`)).length > 0;
const schemaExists = async (name: string, database = 'app') =>
  (await server.sql(`SELECT FROM pg_namespace WHERE nspname = '${name}'`, database)).length > 0;

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['owner', 'other', 'reader']) await createReachableOwner(admin, role);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE SCHEMA shop AUTHORIZATION owner; GRANT USAGE ON SCHEMA shop TO reader WITH GRANT OPTION;
     SET ROLE owner;
     CREATE TABLE shop.items (id int, name text); CREATE TABLE shop.stock (id int); CREATE SEQUENCE shop.seq;
     GRANT SELECT ON shop.items TO reader WITH GRANT OPTION; GRANT SELECT (id) ON shop.stock TO reader; GRANT INSERT ON shop.stock TO other;
     CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
     ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO reader;
     ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO reader;
     RESET ROLE; SET ROLE master; CREATE TABLE public.own (id int); GRANT CREATE ON SCHEMA public TO other; RESET ROLE;
     GRANT TEMP ON DATABASE app TO reader`,
    'app',
  );
});

async function dumpOf(database: string): Promise<string> {
  const client = await server.postgres.connect(server.postgres.superuser, database);
  const dump = await catalogDump(client);
  await client.end();
  return dump;
}

test('leaves the catalog as it was, on a database with grants and default privileges of its own', async () => {
  const before = await dumpOf('app');
  await succeed(requests().apply());
  expect(await dumpOf('app')).not.toBe(before);
  const report = await succeed(requests().remove());
  expect(report.notices).toEqual([]);
  expect(await dumpOf('app')).toBe(before);
});

test('leaves the catalog as it was after the role was used and given more', async () => {
  const before = await dumpOf('app');
  await succeed(requests().apply());
  const session = await server.postgres.connect(datafold, 'app');
  await session.query(
    `CREATE TABLE datafold_tmp.a (id serial); CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.a;
     CREATE FUNCTION datafold_tmp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE datafold_tmp.t AS (x int)`,
  );
  await server.sql(
    `GRANT INSERT, UPDATE (name) ON shop.items TO datafold; GRANT ALL ON SEQUENCE shop.seq TO datafold; GRANT EXECUTE ON FUNCTION shop.f() TO datafold;
     SET ROLE reader; GRANT SELECT ON shop.items TO datafold; GRANT USAGE ON SCHEMA shop TO datafold; RESET ROLE;
     SET ROLE owner; ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO datafold; RESET ROLE;
     GRANT CREATE ON DATABASE app TO datafold`,
    'app',
  );
  await succeed(requests().remove());
  expect(await dumpOf('app')).toBe(before);
  await expect(session.query('SELECT 1')).rejects.toThrow();
});

test('succeeds again and again, also when nothing is there', async () => {
  await succeed(requests().apply());
  await succeed(requests().remove());
  expect(await succeed(requests().remove())).toEqual({
    finished: true,
    statements: 0,
    databases: [],
    notices: [],
  });
});

test('does not miss a database that has gone', async () => {
  await server.freshDatabase('dwh');
  const access = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  await succeed(requests().apply({ access }));
  await server.sql('DROP DATABASE dwh');
  await succeed(requests().remove({ access }));
  expect(await exists('datafold')).toBe(false);
});

test('clears databases that the request does not name', async () => {
  await server.freshDatabase('dwh');
  await server.sql('CREATE TABLE facts (id int)', 'dwh', server.postgres.admin);
  const before = await dumpOf('dwh');
  await succeed(
    requests().apply({ access: { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] } }),
  );
  await succeed(requests().remove());
  expect(await exists('datafold')).toBe(false);
  expect(await dumpOf('dwh')).toBe(before);
});

test('hands over what the role owns outside of its schema, and says so', async () => {
  await succeed(requests().apply());
  await server.sql('CREATE TABLE shop.precious (id int); ALTER TABLE shop.precious OWNER TO datafold', 'app');
  const report = await succeed(requests().remove());
  expect(report.notices).toEqual([
    'Database "app": role "datafold" owned table shop.precious; the admin owns them now.',
  ]);
  expect(await server.sql(`SELECT tableowner FROM pg_tables WHERE tablename = 'precious'`, 'app')).toEqual([
    { tableowner: 'master' },
  ]);
});

test.each([
  [
    'holds a table of another role',
    'CREATE TABLE datafold_tmp.theirs (id int); ALTER TABLE datafold_tmp.theirs OWNER TO other',
    'table datafold_tmp.theirs',
  ],
  [
    'carries a view elsewhere',
    'SET ROLE datafold; CREATE TABLE datafold_tmp.base (id int); RESET ROLE; CREATE VIEW public.on_it AS SELECT * FROM datafold_tmp.base; ALTER VIEW public.on_it OWNER TO other',
    'view on_it',
  ],
])('keeps the temp schema when it %s', async (_why, sql, named) => {
  await succeed(requests().apply());
  await server.sql(sql, 'app');
  const report = await succeed(requests().remove());
  expect(report.notices[0]).toMatch(
    /^Schema "datafold_tmp" in database "app" is kept: others use it \(.*\)\.$/,
  );
  expect(report.notices[0]).toContain(named.replace('table datafold_tmp', 'datafold_tmp').split(' ').at(-1)!);
  expect(await schemaExists('datafold_tmp')).toBe(true);
  expect(await exists('datafold')).toBe(false);
});

describe('what was there before', () => {
  test('a role of that name is an error, and is never removed', async () => {
    await server.sql('CREATE ROLE datafold LOGIN');
    expect(await fail(requests().apply())).toEqual({
      message:
        'The role "datafold" is there already and this stack did not make it. Choose another role name, or set adoptExisting to use it as it is.',
      code: '42710',
      retryable: false,
    });
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual(['Role "datafold" is kept: this stack did not make it.']);
    expect(await exists('datafold')).toBe(true);
    await server.sql('DROP ROLE datafold');
  });

  test('a role that another stack made is an error that names the stack', async () => {
    const others = { owner: { key: 'k2', id: 'x', stackName: 'Other' } };
    await succeed(requests().apply(others));
    expect((await fail(requests().apply())).message).toBe(
      'Database "app": The schema "datafold_tmp" is there already and stack "Other" made it. Choose another tempSchema, or set adoptExisting to use it as it is.',
    );
    expect((await fail(requests().apply({ access: { tempSchema: 'tmp2' } }))).message).toBe(
      'The role "datafold" is there already and stack "Other" made it. Choose another role name, or set adoptExisting to use it as it is.',
    );
    const report = await succeed(requests().remove());
    expect(report.notices).toContain('Role "datafold" is kept: stack "Other" made it.');
    await server.sql('SELECT 1', 'app', datafold);
    await succeed(requests().remove(others));
  });

  test('a schema of that name is an error, and is never removed', async () => {
    await server.sql('CREATE SCHEMA datafold_tmp', 'app', server.postgres.admin);
    const error = await fail(requests().apply());
    expect(error).toEqual({
      message:
        'Database "app": The schema "datafold_tmp" is there already and this stack did not make it. Choose another tempSchema, or set adoptExisting to use it as it is.',
      code: '42P06',
      retryable: false,
    });
    expect(await exists('datafold')).toBe(false);
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual([
      'Schema "datafold_tmp" in database "app" is kept: it was not made by this stack.',
    ]);
    expect(await schemaExists('datafold_tmp')).toBe(true);
  });

  test('is adopted when asked for, used, and kept with its privileges', async () => {
    const adopt = { access: { adoptExisting: true } };
    await server.sql(
      'CREATE ROLE datafold; GRANT USAGE ON SCHEMA shop TO datafold; CREATE SCHEMA datafold_tmp AUTHORIZATION master',
      'app',
    );
    await server.sql(
      server.postgres.versionNum >= 160000
        ? 'GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE'
        : 'SELECT 1',
    );
    await succeed(requests().apply(adopt));
    await server.sql('SELECT * FROM shop.items', 'app', datafold);
    const before = await dumpOf('app');
    const report = await succeed(requests().remove(adopt));
    expect(report.notices).toEqual([
      'Role "datafold" is kept: it was there before. It keeps its privileges.',
      'Schema "datafold_tmp" in database "app" is kept: it was not made by this stack.',
    ]);
    expect(await dumpOf('app')).toBe(before);
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('an adopted role keeps grants that no run made when schemas change', async () => {
    await server.sql(
      'CREATE ROLE datafold; CREATE SCHEMA theirs; GRANT USAGE ON SCHEMA theirs TO datafold',
      'app',
    );
    await server.sql(
      server.postgres.versionNum >= 160000
        ? 'GRANT datafold TO master WITH ADMIN OPTION, INHERIT FALSE, SET FALSE'
        : 'SELECT 1',
    );
    const shop = { ...ACCESS, adoptExisting: true, databases: [{ databaseName: 'app', schemas: ['shop'] }] };
    const own = { ...ACCESS, adoptExisting: true, databases: [{ databaseName: 'app', schemas: ['public'] }] };
    await succeed(requests().apply({ access: shop }));
    await succeed(requests().apply({ access: own, previous: shop }));
    const held = `SELECT nspname FROM pg_namespace WHERE nspacl::text LIKE '%datafold=%' ORDER BY 1`;
    const names = (await server.sql(held, 'app')).map((row) => row.nspname);
    expect(names).toContain('theirs');
    expect(names).not.toContain('shop');
    await server.freshDatabase('app');
    await server.sql('DROP ROLE datafold');
  });

  test('a superuser is never touched', async () => {
    await server.sql('CREATE ROLE datafold LOGIN SUPERUSER');
    const error = await fail(requests().apply({ access: { adoptExisting: true } }));
    expect(error.message).toBe('The role "datafold" is a superuser. Choose another role name.');
    expect((await succeed(requests().remove())).notices).toEqual([
      'Role "datafold" is kept: it is a superuser.',
    ]);
    await server.sql('DROP ROLE datafold');
  });
});

describe('several incarnations', () => {
  const newer = { owner: { ...OWNER, id: 'id2' } };

  test('the removal of an older one leaves the role to the newer one', async () => {
    await succeed(requests().apply());
    await succeed(requests().apply(newer));
    const report = await succeed(requests().remove());
    expect(report.notices).toEqual(['Role "datafold" is kept: a newer deployment uses it.']);
    await server.sql('SELECT * FROM shop.items', 'app', datafold);
    await succeed(requests().remove(newer));
    expect([await exists('datafold'), await schemaExists('datafold_tmp')]).toEqual([false, false]);
  });

  test('a new role name makes the new role first; the old one goes with its scratch work and leaves the schema', async () => {
    const before = await dumpOf('app');
    const renamed = { ...newer, access: { roleName: 'datafold2' } };
    await succeed(requests().apply());
    await server.sql(
      'CREATE TABLE datafold_tmp.old (id serial); CREATE VIEW datafold_tmp.v AS SELECT * FROM datafold_tmp.old',
      'app',
      datafold,
    );
    await succeed(requests().apply(renamed));
    await server.sql('CREATE TABLE datafold_tmp.new (id int)', 'app', {
      user: 'datafold2',
      password: PASSWORD,
    });
    expect((await succeed(requests().remove())).notices).toEqual([]);
    const left = await server.sql(
      `SELECT relname FROM pg_class WHERE relnamespace = 'datafold_tmp'::regnamespace`,
      'app',
    );
    expect(left).toEqual([{ relname: 'new' }]);
    await succeed(requests().remove(renamed));
    expect(await dumpOf('app')).toBe(before);
  });

  test('after a failed update the old state comes back', async () => {
    await succeed(requests().apply());
    const before = await dumpOf('app');
    const failed = {
      ...ACCESS,
      tempSchema: 'elsewhere',
      databases: [{ databaseName: 'app', schemas: ['public'] }],
    };
    await succeed(requests().apply({ access: failed, previous: ACCESS }));
    await succeed(requests().apply({ previous: failed }));
    expect(await dumpOf('app')).toBe(before);
    await succeed(requests().remove());
  });

  test('a role whose mark was wiped off is still known by its temp schema', async () => {
    await succeed(requests().apply());
    await server.sql('COMMENT ON ROLE datafold IS NULL');
    await succeed(requests().remove());
    expect(await exists('datafold')).toBe(false);
  });
});

let busy: Client;

test('ends the sessions of the role first, also those that hold locks', async () => {
  await succeed(requests().apply());
  busy = await server.postgres.connect(datafold, 'app');
  await busy.query(
    'CREATE TABLE datafold_tmp.busy (id int); BEGIN; LOCK TABLE datafold_tmp.busy; SELECT * FROM shop.items',
  );
  await succeed(requests().remove());
  expect(await exists('datafold')).toBe(false);
});
