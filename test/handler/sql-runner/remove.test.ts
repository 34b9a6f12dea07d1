import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const datafold = { user: 'datafold', password: PASSWORD };
const requests = () => requestsTo(server.postgres);

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

test('restores the catalog of a database with other grants and default privileges', async () => {
  const before = await server.dump('app');
  await succeed(requests().apply());
  expect(await server.dump('app')).not.toBe(before);
  const report = await succeed(requests().remove());
  expect(report.notices).toEqual([]);
  expect(await server.dump('app')).toBe(before);
});

test('restores the catalog after the role was used and got more grants', async () => {
  const before = await server.dump('app');
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
  expect(await server.dump('app')).toBe(before);
  await expect(session.query('SELECT 1')).rejects.toThrow();
});

test('succeeds repeatedly, also when nothing exists', async () => {
  await succeed(requests().apply());
  await succeed(requests().remove());
  expect(await succeed(requests().remove())).toEqual({
    finished: true,
    statements: 0,
    notices: [],
  });
});

test('ignores a database that does not exist', async () => {
  await server.freshDatabase('dwh');
  const access = { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
  await succeed(requests().apply({ access }));
  await server.sql('DROP DATABASE dwh');
  await succeed(requests().remove({ access }));
  expect(await server.roleExists('datafold')).toBe(false);
});

test('clears databases that the request does not name', async () => {
  await server.freshDatabase('dwh');
  await server.sql('CREATE TABLE facts (id int)', 'dwh', server.postgres.admin);
  const before = await server.dump('dwh');
  await succeed(
    requests().apply({ access: { databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] } }),
  );
  await succeed(requests().remove());
  expect(await server.roleExists('datafold')).toBe(false);
  expect(await server.dump('dwh')).toBe(before);
});

test('drops no objects that the role owns elsewhere, whatever depends on them', async () => {
  await succeed(requests().apply());
  await server.sql(
    `DO $$ BEGIN FOR i IN 1..30 LOOP
       EXECUTE 'CREATE FUNCTION shop.f' || i || '() RETURNS int LANGUAGE sql AS ''SELECT 1''';
       EXECUTE 'ALTER FUNCTION shop.f' || i || '() OWNER TO master';
       EXECUTE 'GRANT EXECUTE ON FUNCTION shop.f' || i || '() TO datafold';
     END LOOP; END $$;
     CREATE TABLE shop.precious (id int); ALTER TABLE shop.precious OWNER TO datafold`,
    'app',
  );
  await succeed(requests().remove());
  expect(await server.sql('SELECT * FROM shop.precious', 'app')).toEqual([]);
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
    /^Schema "datafold_tmp" in database "app" is kept: other roles or objects use it \(.*\)\.$/,
  );
  expect(report.notices[0]).toContain(named.replace('table datafold_tmp', 'datafold_tmp').split(' ').at(-1)!);
  expect(await server.schemaExists('datafold_tmp', 'app')).toBe(true);
});

test('terminates the sessions of the role first, also those that hold locks', async () => {
  await succeed(requests().apply());
  const busy = await server.postgres.connect(datafold, 'app');
  await busy.query(
    'CREATE TABLE datafold_tmp.busy (id int); BEGIN; LOCK TABLE datafold_tmp.busy; SELECT * FROM shop.items',
  );
  await succeed(requests().remove());
  expect(await server.roleExists('datafold')).toBe(false);
});

describe('an administrator that may not signal other sessions', () => {
  const plain = { user: 'plain', password: 'plain' };
  beforeAll(() => server.sql(`CREATE ROLE plain LOGIN CREATEROLE CREATEDB PASSWORD 'plain'`));

  test('terminates the sessions of the role as its member, and the role can no longer log in', async () => {
    await succeed(requests().remove());
    await server.sql('ALTER DATABASE app OWNER TO plain', 'app');
    await succeed(requests().apply({ admin: plain, access: { onUnreadable: 'warn' } }));
    const busy = await server.postgres.connect(datafold, 'app');
    busy.on('error', () => undefined);
    await busy.query('CREATE TABLE datafold_tmp.busy (id int); BEGIN; LOCK TABLE datafold_tmp.busy');
    await server.sql(
      'CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO datafold',
      'app',
    );
    expect((await fail(requests().remove({ admin: plain }))).code).toBe('2BP01');
    await expect(busy.query('SELECT 1')).rejects.toThrow();
    await expect(server.sql('SELECT 1', 'app', datafold)).rejects.toMatchObject({ code: '28000' });
    await server.sql('DROP FOREIGN DATA WRAPPER w', 'app');
    await succeed(requests().remove({ admin: plain }));
  });
});
