import type { Client } from 'pg';
import { createReachableOwner } from '../../support/postgres-server/rds';
import { PASSWORD, requestsTo } from '../../support/requests';
import { testSince } from '../../support/since';
import { succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const boss = { user: 'boss', password: 'boss' };

beforeAll(async () => {
  const admin = await server.connection('postgres', server.postgres.admin);
  for (const role of ['etl', 'clerk']) await createReachableOwner(admin, role);
  await server.sql(`CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'boss'`);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO master; -- up to 14, a superuser's
     CREATE SCHEMA etl AUTHORIZATION etl`,
    'app',
  );
});
afterEach(async () => {
  await succeed(requests().remove());
});

/** The roles whose future tables the role can read, with the schemas. */
const defaults = async () => {
  const rows = await server.sql(
    `SELECT pg_get_userbyid(defaclrole) || ' in ' || coalesce(nspname, 'all') AS one FROM pg_default_acl LEFT JOIN pg_namespace n ON n.oid = defaclnamespace
     WHERE defaclobjtype = 'r' AND defaclacl::text ~ 'datafold=' ORDER BY 1`,
    'app',
  );
  return rows.map((row) => row.one);
};

const makeExpiringLogin = async () =>
  server.sql(
    `CREATE ROLE "v-token" LOGIN VALID UNTIL '2099-01-01'; GRANT etl TO "v-token"`,
    'app',
    server.postgres.admin,
  );

test('a login with an expiry date can be dropped by the tool that created it', async () => {
  await makeExpiringLogin();
  await succeed(requests().apply());
  await server.sql('DROP ROLE "v-token"', 'app', server.postgres.admin);
});

test('a login with an expiry date counts once it owns tables', async () => {
  await makeExpiringLogin();
  await server.sql('SET ROLE "v-token"; CREATE TABLE etl.one (id int)', 'app');
  await succeed(requests().apply());
  expect(await defaults()).toContain('v-token in etl');
  await server.sql('DROP OWNED BY "v-token"; DROP ROLE "v-token"', 'app');
});

test('an administrator that is a superuser counts in each schema, other superusers only where they own relations', async () => {
  await server.sql('CREATE ROLE chief SUPERUSER; SET ROLE chief; CREATE TABLE etl.made (id int)', 'app');
  await succeed(requests().apply({ admin: boss }));
  await server.sql('CREATE TABLE public.late (id int)', 'app', boss);
  await server.sql('SELECT * FROM public.late', 'app', datafold);
  expect(await defaults()).toEqual([
    'boss in etl',
    'boss in public',
    'chief in etl',
    'etl in etl',
    'master in public',
  ]);
  await succeed(requests().remove({ admin: boss }));
});

test.each([
  ['in all schemas', 'ALTER DEFAULT PRIVILEGES FOR ROLE etl GRANT SELECT ON TABLES TO datafold'],
  ['for everybody', 'ALTER DEFAULT PRIVILEGES FOR ROLE etl IN SCHEMA etl GRANT SELECT ON TABLES TO PUBLIC'],
])('a default privilege that is there %s is not given again', async (_how, sql) => {
  await succeed(requests().apply({ access: { futureTables: false } }));
  await server.sql(sql, 'app');
  await succeed(requests().apply());
  expect(await defaults()).not.toContain('etl in etl');
});

test('where PUBLIC may create, owners of relations in any schema count, and the database owner', async () => {
  await server.sql(
    'GRANT CREATE ON SCHEMA public TO PUBLIC; SET ROLE etl; CREATE TABLE etl.one (id int)',
    'app',
  );
  await succeed(requests().apply());
  expect(await defaults()).toEqual(['etl in etl', 'etl in public', 'master in public']);
});

describe('roles that own nothing and hold no CREATE themselves', () => {
  const late = (table: string) => server.sql(`SELECT * FROM ${table}`, 'app', datafold);

  beforeEach(() =>
    server.sql(
      `CREATE ROLE maker LOGIN; CREATE ROLE team NOLOGIN IN ROLE etl; CREATE ROLE writer LOGIN NOINHERIT IN ROLE team;
       CREATE ROLE idle NOLOGIN IN ROLE etl`,
      'postgres',
      server.postgres.admin,
    ),
  );
  afterEach(async () => {
    for (const { role } of await server.sql(
      `SELECT rolname AS role FROM pg_roles WHERE rolname IN ('maker', 'team', 'writer', 'idle')`,
    )) {
      await server.sql(`DROP OWNED BY "${String(role)}"`, 'app');
      await server.sql(`DROP ROLE "${String(role)}"`);
    }
  });

  test('a member of a role with CREATE is reported, can still be dropped, and its tables are readable after another run', async () => {
    await server.sql('GRANT etl TO maker');
    const { notices } = await succeed(requests().apply());
    expect(notices).toEqual([
      'Database "app": tables that "maker", "team" create later in schema "etl" as members of "etl" stay unreadable until the next run (or reconciliation with repair). ' +
        'To make them readable immediately, run for each role: ALTER DEFAULT PRIVILEGES FOR ROLE "maker" IN SCHEMA "etl" GRANT SELECT ON TABLES TO "datafold"; ' +
        'DROP ROLE then requires DROP OWNED first.',
    ]);
    expect(await defaults()).toEqual(['etl in etl', 'master in public']);
    await server.sql('SET ROLE maker; CREATE TABLE etl.late (id int)', 'app');
    await expect(late('etl.late')).rejects.toThrow(/permission denied for (table|relation) late/);
    await succeed(requests().apply());
    await late('etl.late');
    expect(await defaults()).toContain('maker in etl');
    await server.sql('DROP OWNED BY maker', 'app');
    await succeed(requests().apply());
    await server.sql('DROP ROLE maker');
  });

  test('an intermediate role without login counts once a login has created a table as that role', async () => {
    const { notices } = await succeed(requests().apply());
    expect(notices.join()).toContain('tables that "team" creates later in schema "etl" as a member of "etl"');
    await server.sql(
      'SET SESSION AUTHORIZATION writer; SET ROLE team; CREATE TABLE etl.late (id int)',
      'app',
    );
    const again = await succeed(requests().apply());
    expect(again.notices).toEqual([]);
    await late('etl.late');
    await server.sql(
      'SET SESSION AUTHORIZATION writer; SET ROLE team; CREATE TABLE etl.later (id int)',
      'app',
    );
    await late('etl.later');
  });

  test('the reported statement makes their tables readable immediately and ends the report', async () => {
    const { notices } = await succeed(requests().apply());
    await server.sql(/ALTER DEFAULT PRIVILEGES[^;]*/.exec(notices[0])![0], 'app');
    await server.sql('SET ROLE team; CREATE TABLE etl.late (id int)', 'app');
    await late('etl.late');
    expect(await succeed(requests().apply())).toMatchObject({ notices: [], statements: 0 });
  });

  testSince(16)(
    'a group of which only members without the right to become it are logins is not reported',
    async () => {
      await server.sql('GRANT team TO writer WITH SET FALSE, INHERIT FALSE', 'app', server.postgres.admin);
      expect((await succeed(requests().apply())).notices).toEqual([]);
    },
  );

  test('where PUBLIC may create, the administrator gets a default privilege and all other roles are reported', async () => {
    await server.sql('REVOKE etl FROM team', 'app', server.postgres.admin);
    await server.sql('ALTER SCHEMA etl OWNER TO boss; GRANT CREATE, USAGE ON SCHEMA etl TO PUBLIC', 'app');
    const { notices } = await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
    const reported = notices.find((notice) => notice.includes('PUBLIC may create'));
    expect(reported).toMatch(
      /^Database "app": PUBLIC may create tables in schema "etl"\. Tables of roles that own no table yet \("maker", "team", "writer"\) stay unreadable until the next run \(or reconciliation with repair\)\. To let only owners create tables, run: REVOKE CREATE ON SCHEMA "etl" FROM PUBLIC;$/,
    );
    expect(await defaults()).toContain('master in etl');
    await server.sql('CREATE TABLE etl.by_admin (id int)', 'app', server.postgres.admin);
    await late('etl.by_admin');
    await server.sql('SET ROLE maker; CREATE TABLE etl.by_maker (id int)', 'app');
    await expect(late('etl.by_maker')).rejects.toThrow('permission denied');
    await succeed(requests().apply({ access: { onUnreadable: 'warn' } }));
    await server.sql('SET ROLE maker; CREATE TABLE etl.by_maker_later (id int)', 'app');
    await server.sql('SELECT * FROM etl.by_maker, etl.by_maker_later', 'app', datafold);
  });
});

describe('a transaction that began before the run', () => {
  let client: Client;
  afterEach(() => client.query('ROLLBACK'));
  const open = async (sql: string) => {
    client = await server.connection('app', server.postgres.admin);
    await client.query(`BEGIN; ${sql}`);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0].pid;
  };

  test('is reported if it created a relation before the default privileges, and its table is readable after another run', async () => {
    const pid = await open('CREATE TABLE public.slow (id int)');
    const { notices } = await succeed(requests().apply());
    expect(notices).toEqual([
      `Database "app": transactions that began before this run have created relations and are not committed (process ${pid} of "master"). ` +
        'The new tables stay unreadable until the next run: deploy again after the transactions end, or use reconciliation with repair.',
    ]);
    expect((await succeed(requests().apply())).notices).toEqual(notices); // still open
    await client.query('COMMIT');
    await expect(server.sql('SELECT * FROM public.slow', 'app', datafold)).rejects.toThrow(
      'permission denied',
    );
    expect((await succeed(requests().apply())).notices).toEqual([]);
    await server.sql('SELECT * FROM public.slow', 'app', datafold);
  });

  test('is not reported if it began after the default privileges, which then apply', async () => {
    await succeed(requests().apply());
    await open('CREATE TABLE public.quick (id int)');
    expect((await succeed(requests().apply())).notices).toEqual([]);
    await client.query('COMMIT');
    await server.sql('SELECT * FROM public.quick', 'app', datafold);
  });
});
