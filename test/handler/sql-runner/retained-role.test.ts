import { answer as handler } from '../../../lib/handler/sql-runner/answer';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { OWNER, PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
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

describe('the role is dropped together with additional grants', () => {
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

describe('a role that owns objects outside its temp schema is kept without rights', () => {
  const locked = `SELECT rolcanlogin OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS rights, rolpassword IS NOT NULL AS password,
      (SELECT count(*)::int FROM pg_auth_members WHERE member = a.oid OR roleid = a.oid AND member <> 'master'::regrole) AS memberships,
      (SELECT count(*)::int FROM pg_shdepend WHERE refobjid = a.oid AND deptype = 'a') AS privileges,
      (SELECT count(*)::int FROM pg_db_role_setting WHERE setrole = a.oid) AS settings
    FROM pg_authid a WHERE rolname = 'datafold'`;
  const without = { rights: false, password: false, memberships: 0, privileges: 0, settings: 0 };
  const ownerOf = async (relation: string, database = 'app') =>
    (await server.sql(`SELECT tableowner FROM pg_tables WHERE tablename = '${relation}'`, database))[0]
      ?.tableowner;

  beforeEach(() =>
    server.sql('CREATE TABLE public.precious (id int); ALTER TABLE public.precious OWNER TO datafold', 'app'),
  );
  const end = `GRANT "datafold" TO CURRENT_USER; DROP OWNED BY "datafold";`;
  const notice =
    'Role "datafold" is kept without login, password, memberships and privileges, because it owns table public.precious in database "app". ' +
    'The objects were not reassigned to another role, because code runs with the privileges of its owner. ' +
    `To drop the role: in database "app", run ${end} or, for objects to keep, check their code and change their owner; then run DROP ROLE "datafold";`;

  test('and the notice names statements that drop it', async () => {
    const before = await server.dump('app');
    expect((await succeed(requests().remove())).notices).toEqual([notice]);
    expect(await ownerOf('precious')).toBe('datafold');
    expect(await server.sql(locked)).toEqual([without]);
    await expect(server.sql('SELECT 1', 'app', datafold)).rejects.toMatchObject({ code: '28P01' });
    expect(await succeed(requests().remove())).toMatchObject({ notices: [notice], statements: 0 });
    await server.sql(end, 'app', server.postgres.admin);
    await server.sql('DROP ROLE "datafold"', 'app', server.postgres.admin);
    expect(await server.dump('app')).not.toContain('datafold');
    expect(before).toContain('datafold');
  });

  test('whatever rights it has', async () => {
    await server.freshDatabase('dwh');
    await server.sql(
      `ALTER ROLE datafold CREATEDB CREATEROLE; GRANT rds_superuser, other TO datafold; GRANT datafold TO reader`,
      'app',
      server.postgres.admin,
    );
    await server.sql(
      `
       ALTER ROLE datafold SET work_mem = '5MB'; ALTER ROLE datafold IN DATABASE app SET work_mem = '6MB'; GRANT CONNECT ON DATABASE dwh TO datafold;
       CREATE SCHEMA fns; ALTER SCHEMA fns OWNER TO other; GRANT USAGE, CREATE ON SCHEMA fns TO datafold;
       CREATE FUNCTION fns.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION fns.f(int) OWNER TO other; GRANT EXECUTE ON FUNCTION fns.f(int) TO datafold;
       CREATE TYPE fns.e AS ENUM ('a'); ALTER TYPE fns.e OWNER TO other; GRANT USAGE ON TYPE fns.e TO datafold;
       CREATE DOMAIN fns.d AS int; ALTER DOMAIN fns.d OWNER TO other; GRANT USAGE ON DOMAIN fns.d TO datafold;
       CREATE TABLE fns.t (id serial, name text); ALTER TABLE fns.t OWNER TO other; GRANT UPDATE (name), DELETE ON fns.t TO datafold; GRANT ALL ON SEQUENCE fns.t_id_seq TO datafold;
       SELECT lo_create(4712); ALTER LARGE OBJECT 4712 OWNER TO other; GRANT SELECT ON LARGE OBJECT 4712 TO datafold;
       CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; ALTER SERVER far OWNER TO other; GRANT USAGE ON FOREIGN SERVER far TO datafold;
       CREATE USER MAPPING FOR datafold SERVER far`,
      'app',
    );
    expect((await succeed(requests().remove())).notices).toEqual([notice]);
    expect(await server.sql(locked)).toEqual([without]);
    expect(await server.sql('SELECT FROM pg_user_mappings', 'app')).toEqual([]);
    await server.sql('DROP OWNED BY datafold; DROP ROLE datafold; SELECT lo_unlink(4712)', 'app');
  });

  test('unless the administrator may not revoke its rights: the removal fails and names the statements', async () => {
    await server.sql('ALTER ROLE datafold BYPASSRLS; GRANT rds_superuser TO datafold');
    const is16 = server.postgres.versionNum >= 160000;
    const ends = ['ALTER ROLE "datafold" NOBYPASSRLS;'];
    if (is16) ends.push('REVOKE "rds_superuser" FROM "datafold" GRANTED BY "rdsadmin" CASCADE;');
    expect(await fail(requests().remove())).toEqual({
      message:
        'Locking role "datafold" failed: the role is kept because it owns objects, and has rights that the administrator may not revoke (42501). ' +
        `Ask a superuser or the grantors to run ${ends.join(' ')} then delete again.`,
      code: '42501',
      retryable: false,
    });
    await server.sql(ends.join(' '));
    expect((await succeed(requests().remove())).notices).toEqual([notice]);
    expect(await server.sql(locked)).toEqual([without]);
  });

  test('and taken over again by the next run for the same owner, whose removal then ends it', async () => {
    await succeed(requests().remove());
    for (const id of ['id1', 'id2']) {
      const owner = { ...OWNER, id };
      await succeed(requests().apply({ owner }));
      await server.sql('SELECT * FROM precious', 'app', datafold);
      const [{ comment }] = await server.sql(
        `SELECT shobj_description('datafold'::regrole, 'pg_authid') AS comment`,
      );
      const entry = `{"key":"k1","id":"${id}","stackName":"Analytics","tempSchema":"datafold_tmp","futureTables":true,"databases":[{"databaseName":"app"}]}`;
      expect(comment).toBe(
        `Made by cdk-datafold-postgres for stack "Analytics". Deleted with the stack; do not change this comment. [cdk-datafold-postgres {"origin":"k1","password":"k1","owners":[${entry}]}]`,
      );
      expect((await succeed(requests().apply({ owner }))).statements).toBe(0);
      expect((await succeed(requests().remove({ owner }))).notices).toEqual([notice]);
    }
    await server.sql('DROP TABLE public.precious', 'app');
    expect((await succeed(requests().remove({ owner: { ...OWNER, id: 'id2' } }))).notices).toEqual([]);
    expect(await server.roleExists('datafold')).toBe(false);
  });

  test('also in a database that the stack does not name', async () => {
    await server.freshDatabase('dwh');
    await server.sql('CREATE TABLE public.far (id int); ALTER TABLE public.far OWNER TO datafold', 'dwh');
    const [notice] = (await succeed(requests().remove())).notices;
    expect(notice).toContain(
      'because it owns table public.precious in database "app"; table public.far in database "dwh".',
    );
    expect(notice).toContain(`To drop the role: in database "app", "dwh", run ${end}`);
    expect([await ownerOf('precious'), await ownerOf('far', 'dwh')]).toEqual(['datafold', 'datafold']);
    await server.sql('DROP TABLE public.far', 'dwh');
  });

  test('also if it owns a database', async () => {
    await server.sql('DROP TABLE public.precious', 'app');
    await server.sql('DROP DATABASE IF EXISTS its_own');
    await server.sql('CREATE DATABASE its_own OWNER datafold');
    const [notice] = (await succeed(requests().remove())).notices;
    expect(notice).toBe(
      'Role "datafold" is kept without login, password, memberships and privileges, because it owns database its_own. ' +
        'The objects were not reassigned to another role, because code runs with the privileges of its owner. ' +
        'To drop the role: run ALTER DATABASE its_own OWNER TO another role; then run DROP ROLE "datafold";',
    );
    await server.sql('DROP DATABASE its_own');
    expect((await succeed(requests().remove())).notices).toEqual([]);
  });

  test('with objects of other roles that depend on its temp schema', async () => {
    await server.sql('DROP TABLE public.precious', 'app');
    await server.sql(
      'CREATE TABLE datafold_tmp.base (id int); CREATE TABLE datafold_tmp.unneeded (id int)',
      'app',
      datafold,
    );
    await server.sql('CREATE VIEW public.built AS SELECT * FROM datafold_tmp.base', 'app');
    const { notices } = await succeed(requests().remove());
    expect(notices[0]).toBe(
      'Schema "datafold_tmp" in database "app" is kept: other roles or objects use it (view public.built).',
    );
    expect(notices[1]).toContain('because it owns table datafold_tmp.base in database "app".');
    expect(await server.sql('SELECT * FROM public.built', 'app')).toEqual([]);
    expect(await ownerOf('unneeded')).toBe(undefined);
    expect(await ownerOf('base')).toBe('datafold');
    expect(await server.sql(locked)).toEqual([without]);
  });

  test('and reported, even if the removal fails because of grants that the administrator may not revoke', async () => {
    await server.freshDatabase('dwh');
    await server.sql(
      'CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO datafold',
      'dwh',
    );
    expect(await handler(requests().remove())).toMatchObject({
      ok: false,
      error: {
        code: '2BP01',
        message:
          'Dropping role "datafold" failed: the role still owns objects or has privileges in "dwh" (foreign-data wrapper w) that the administrator cannot revoke (2BP01). ' +
          'Ask the grantors to revoke them, then delete again.',
        notices: [notice],
      },
    });
    expect(await server.sql(locked)).toEqual([{ ...without, privileges: 1 }]);
    await server.sql('DROP FOREIGN DATA WRAPPER w CASCADE', 'dwh');
    await succeed(requests().remove());
  });

  test('even if the administrator is a member of the role through another role', async () => {
    if (server.postgres.versionNum >= 160000)
      await server.sql(
        'GRANT datafold TO master WITH INHERIT FALSE, SET TRUE',
        'postgres',
        server.postgres.admin,
      );
    expect((await succeed(requests().remove())).notices).toEqual([notice]);
    expect(await server.sql(locked)).toEqual([without]);
  });
});

testSince(15)('an object that PostgreSQL itself keeps for the role is named', async () => {
  await server.sql('GRANT SET ON PARAMETER log_statement TO datafold');
  expect((await fail(requests().remove())).message).toContain('in the server (parameter log_statement) that');
  await server.sql('REVOKE SET ON PARAMETER log_statement FROM datafold');
  await succeed(requests().remove());
});

describe('an administrator that may SET ROLE to an owner but does not inherit its privileges', () => {
  const alone = async (role: string) =>
    server.sql(`GRANT ${role} TO master WITH INHERIT FALSE, SET TRUE`, 'postgres', server.postgres.admin);
  const is16 = () => server.postgres.versionNum >= 160000; // before, an attribute of the administrator decides

  test('revokes what the owner granted', async () => {
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
