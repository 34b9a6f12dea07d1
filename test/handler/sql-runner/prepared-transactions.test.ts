import type { Client } from 'pg';
import { answer } from '../../../lib/handler/sql-runner/answer';
import type { PasswordRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

// PREPARE TRANSACTION detaches a transaction from its session: it keeps its locks until its role or a superuser ends it.
const server = withServer({ settings: { max_prepared_transactions: '20' } });
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const CHANGE = "ALTER ROLE datafold PASSWORD 'x'";
const prepare = async (statements: string, gid: string, as = datafold, database = 'app') => {
  const client = await server.connection(database, as);
  await client.query(`BEGIN; ${statements}`);
  await client.query(`PREPARE TRANSACTION '${gid}'`);
  await client.end();
};
const prepared = () => server.sql('SELECT gid, owner FROM pg_prepared_xacts ORDER BY gid');
const rolledBack = (database: string, gids: string) =>
  `Prepared transactions of the role "datafold" in database "${database}", which held locks, were rolled back: ${gids}.`;

beforeAll(async () => {
  await server.sql(`CREATE ROLE eve LOGIN PASSWORD 'eve'`, 'postgres', server.postgres.admin);
});
beforeEach(async () => {
  for (const name of ['app', 'dwh']) await server.freshDatabase(name);
  await succeed(requests().apply());
});
afterEach(async () => {
  for (const { gid, database } of await server.sql('SELECT gid, database FROM pg_prepared_xacts'))
    await server.sql(`ROLLBACK PREPARED '${String(gid).replace("'", "''")}'`, String(database));
  await answer(requests().remove());
});

test('the role cannot block its removal by prepared transactions, which are rolled back in each database', async () => {
  await prepare(CHANGE, 'password');
  await prepare('CREATE TABLE datafold_tmp.t (id int)', "it''s");
  await prepare('SELECT 1', 'idle', datafold, 'dwh');
  const { notices } = await succeed(requests().remove());
  expect([...notices].sort()).toEqual([
    rolledBack('app', "'password', 'it''s'"),
    rolledBack('dwh', "'idle'"),
  ]);
  expect(await server.roleExists('datafold')).toBe(false);
  expect(await prepared()).toEqual([]);
  const isMember = `SELECT FROM pg_auth_members WHERE pg_get_userbyid(roleid) = 'datafold'`;
  expect(await server.sql(isMember)).toEqual([]);
});

test('a database that refuses the administrator blocks no removal, and its prepared transaction is named', async () => {
  await server.freshDatabase('far');
  await prepare('SELECT 1', 'far', datafold, 'far');
  await server.sql('ALTER DATABASE far OWNER TO eve; REVOKE CONNECT ON DATABASE far FROM PUBLIC');
  expect((await succeed(requests().remove())).notices).toEqual([
    `The administrator may not end the prepared transaction 'far' of "datafold" in database "far". To end it, connect to database "far" as "datafold" (or SET ROLE to it) or a superuser and run ROLLBACK PREPARED 'far';`,
  ]);
  expect(await server.roleExists('datafold')).toBe(false);
});

test('a superuser as the administrator ends them too', async () => {
  await prepare(CHANGE, 'password');
  const { superuser } = server.postgres;
  await succeed(requests().remove({ admin: superuser }));
  expect(await server.roleExists('datafold')).toBe(false);
});

test('the role cannot block its removal by preparing transactions again and again', async () => {
  let isAttacked = true;
  let count = 0;
  const attack = async () => {
    while (isAttacked) {
      let client: Client;
      try {
        client = await server.postgres.connect(datafold, 'app');
      } catch {
        return; // the role may no longer log in
      }
      try {
        for (;;) {
          await client.query(`BEGIN; ${CHANGE}`);
          await client.query(`PREPARE TRANSACTION 'g${++count}'`);
        }
      } catch {
        await client.end();
      }
    }
  };
  const attackers = [1, 2, 3].map(attack);
  const { notices } = await succeed(requests().remove());
  isAttacked = false;
  await Promise.all(attackers);
  expect(notices[0]).toMatch(/^Prepared transactions of the role "datafold" in database "app"/);
  expect(await server.roleExists('datafold')).toBe(false);
  expect(await prepared()).toEqual([]);
});

test('a prepared transaction that blocks a deployment is named, with the statement that ends it', async () => {
  await server.sql('CREATE TABLE public.t (id int); ALTER TABLE public.t OWNER TO eve', 'app');
  await server.sql('GRANT USAGE, CREATE ON SCHEMA public TO eve', 'app');
  await prepare('ALTER TABLE public.t ADD COLUMN more int', 'etl', { user: 'eve', password: 'eve' });
  const { message } = await fail(requests().apply(), 8_000);
  expect(message).toBe(
    `Granting in database "app" failed: canceling statement due to lock timeout (55P03). The prepared transaction 'etl' of "eve" in database "app" holds a lock on table public.t. ` +
      `To end it, connect to database "app" as "eve" (or SET ROLE to it) or a superuser and run ROLLBACK PREPARED 'etl'; Or deploy again later.`,
  );
});

test('a prepared transaction of the role that blocks a rotation is named, with the statement that ends it', async () => {
  await prepare(CHANGE, 'password');
  const { server: address, admin } = requests().remove();
  const request: PasswordRequest = {
    ...{ operation: 'set-password', server: address, admin, roleName: 'datafold', databaseName: 'app' },
    ...{ passwordSecret: 'role', password: 'N3w-Datafold-Pa55word', currentPassword: PASSWORD },
    maintenanceDatabase: 'postgres',
  };
  const { message } = await fail(request, 8_000);
  expect(message).toMatch(
    /^Setting the password of role "datafold" failed: canceling statement due to lock timeout \(55P03\)\. The prepared transaction 'password' of "datafold" in database "app" holds a lock\. To end it, .* run ROLLBACK PREPARED 'password'; Or deploy again later\.$/,
  );
});

test('a prepared transaction that holds the advisory lock is named', async () => {
  await prepare('SELECT pg_advisory_xact_lock(7233174018519133284)', 'lock');
  expect((await succeed(requests().apply())).notices.join()).toContain(
    `the prepared transaction 'lock' of "datafold" in database "app" holds the advisory lock`,
  );
});
