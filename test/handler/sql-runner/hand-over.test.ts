import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['other', 'reader']) await createReachableOwner(admin, role);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await succeed(requests().apply());
});

describe('the role goes with what somebody gave it besides', () => {
  test.each([
    ['a user mapping', 'CREATE USER MAPPING FOR datafold SERVER far'],
    [
      'default privileges for what it makes',
      'SET ROLE datafold; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader',
    ],
    [
      'a function of an owner who gave nothing else',
      `CREATE FUNCTION fns.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION fns.f() OWNER TO other;
       SET ROLE other; GRANT EXECUTE ON FUNCTION fns.f() TO datafold`,
    ],
    [
      'a type of such an owner',
      `CREATE TYPE fns.e AS ENUM ('a'); ALTER TYPE fns.e OWNER TO other; SET ROLE other; GRANT USAGE ON TYPE fns.e TO datafold`,
    ],
    [
      'a large object of such an owner',
      'SELECT lo_create(4711); ALTER LARGE OBJECT 4711 OWNER TO other; SET ROLE other; GRANT SELECT ON LARGE OBJECT 4711 TO datafold',
    ],
    [
      'a policy',
      'ALTER TABLE fns.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON fns.t TO datafold USING (true)',
    ],
    ['a setting', 'ALTER ROLE datafold IN DATABASE app SET statement_timeout = 1000'],
    ['CONNECT on a database that nothing else names', 'GRANT CONNECT ON DATABASE dwh TO datafold'],
  ])('%s', async (_what, sql) => {
    await server.freshDatabase('dwh');
    await server.sql(
      'CREATE SCHEMA fns AUTHORIZATION other; CREATE TABLE fns.t (id int); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w',
      'app',
    );
    await server.sql(sql, 'app');
    expect((await succeed(requests().remove())).notices).toEqual([]);
    expect(await server.roleExists('datafold')).toBe(false);
  });
});

test('a database that it owns is handed over and named, wherever the rest is', async () => {
  await server.sql('DROP DATABASE IF EXISTS its_own');
  await server.sql('CREATE DATABASE its_own OWNER datafold');
  await server.sql(
    'CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold',
    'app',
  );
  expect((await succeed(requests().remove())).notices).toEqual([
    'Database "app": role "datafold" owned database its_own, table public.precious; the admin owns them now.',
  ]);
});

test('what can not be handed over keeps all that the role owns from being dropped', async () => {
  await server.sql(
    `CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold;
     ALTER ROLE datafold SUPERUSER; CREATE FOREIGN DATA WRAPPER w; ALTER FOREIGN DATA WRAPPER w OWNER TO datafold; ALTER ROLE datafold NOSUPERUSER`,
    'app',
  );
  expect(await fail(requests().remove())).toEqual({
    message:
      'Dropping role "datafold" failed: it still holds something in "app" (foreign-data wrapper w, table public.precious) that the admin can neither take back nor take over (2BP01). ' +
      'Let those who granted it revoke it, or give it another owner, then delete again.',
    code: '2BP01',
    retryable: false,
  });
  expect(await server.sql('SELECT * FROM precious', 'app')).toEqual([]);
  await server.sql('DROP FOREIGN DATA WRAPPER w', 'app');
  await succeed(requests().remove());
});

test('what the server itself keeps for the role is named', async () => {
  if (server.postgres.versionNum < 150000) return; // privileges on parameters
  await server.sql('GRANT SET ON PARAMETER log_statement TO datafold');
  expect((await fail(requests().remove())).message).toContain('in the server (parameter log_statement) that');
  await server.sql('REVOKE SET ON PARAMETER log_statement FROM datafold');
  await succeed(requests().remove());
});

test('what was handed over is told, though the removal fails later', async () => {
  await server.freshDatabase('dwh');
  await server.sql(
    'CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold',
    'app',
  );
  await server.sql('CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO datafold', 'dwh');
  const answer = await handler(requests().remove());
  expect(answer).toMatchObject({
    ok: false,
    error: {
      code: '2BP01',
      notices: ['Database "app": role "datafold" owned table public.precious; the admin owns them now.'],
    },
  });
  await server.sql('DROP FOREIGN DATA WRAPPER w CASCADE', 'dwh');
  await succeed(requests().remove());
});

describe('an admin who may become the role, or an owner, but has not their privileges', () => {
  const alone = async (role: string) =>
    server.sql(`GRANT ${role} TO master WITH INHERIT FALSE, SET TRUE`, 'postgres', server.postgres.admin);
  const is16 = () => server.postgres.versionNum >= 160000; // before, that is an attribute of the admin

  test('takes over what the role owns', async () => {
    if (is16()) await alone('datafold');
    await server.sql(
      'CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold',
      'app',
    );
    expect((await succeed(requests().remove())).notices).toEqual([
      'Database "app": role "datafold" owned table public.precious; the admin owns them now.',
    ]);
  });

  test('takes back what the owner gave', async () => {
    if (is16()) await alone('other');
    await server.sql(
      `CREATE SCHEMA fns AUTHORIZATION other; SET ROLE other; CREATE FUNCTION fns.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
       GRANT EXECUTE ON FUNCTION fns.f() TO datafold`,
      'app',
    );
    expect((await succeed(requests().remove())).notices).toEqual([]);
    if (is16()) await server.sql('REVOKE other FROM master', 'postgres', server.postgres.admin);
  });
});

describe('an admin who may not signal others', () => {
  const plain = { user: 'plain', password: 'plain' };
  beforeAll(() => server.sql(`CREATE ROLE plain LOGIN CREATEROLE CREATEDB PASSWORD 'plain'`));

  test('ends the sessions of the role as a member of it, and nobody logs in any more', async () => {
    await succeed(requests().remove());
    await server.sql('ALTER DATABASE app OWNER TO plain', 'app');
    await succeed(requests().apply({ admin: plain }));
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
