import type { Client } from 'pg';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);
const KEY = '7233174018519133284';
let holder: Client;

/** Takes the advisory lock of the library in a separate session. */
async function hold(as: { user: string; password: string }, database = 'app'): Promise<number> {
  holder = await server.postgres.connect(as, database);
  await holder.query(`SELECT pg_advisory_lock(${KEY})`);
  const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0].pid;
}
const ignored = (database: string, pid: number, user: string) =>
  `Database "${database}": session ${pid} of "${user}" holds the advisory lock ${KEY} of this library, but is not the administrator: the run continued without the lock. To end the session: SELECT pg_terminate_backend(${pid});`;

beforeAll(async () => {
  await server.sql(`CREATE ROLE eve LOGIN PASSWORD 'eve'`);
});
beforeEach(async () => {
  await server.freshDatabase('app');
  // PUBLIC may not create tables, as since PostgreSQL 15
  await server.sql(
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO master',
    'app',
  );
  await server.sql('CREATE TABLE t (id int)', 'app', server.postgres.admin);
});
afterEach(() => holder.end());

test('a lock of a role without rights is ignored, and its holder is named', async () => {
  const pid = await hold({ user: 'eve', password: 'eve' });
  const { databases, notices } = await succeed(requests().apply());
  expect(databases[0].unreadableCount).toBe(0);
  expect(notices).toEqual([ignored('app', pid, 'eve')]);
  expect((await succeed(requests().remove())).notices).toEqual([ignored('app', pid, 'eve')]);
});

test('the role itself cannot block its removal: its sessions are terminated before any wait', async () => {
  await succeed(requests().apply());
  await hold({ user: 'datafold', password: PASSWORD }, 'app');
  const inPostgres = await server.postgres.connect({ user: 'datafold', password: PASSWORD }, 'postgres');
  await inPostgres.query(`SELECT pg_advisory_lock(${KEY})`);
  const started = Date.now();
  expect((await succeed(requests().remove())).notices).toEqual([]);
  expect(Date.now() - started).toBeLessThan(4_500);
  expect(await server.roleExists('datafold')).toBe(false);
  await inPostgres.end();
});

test('a run waits for another run of the administrator, and names it if that takes too long', async () => {
  const pid = await hold(server.postgres.admin);
  expect(await fail(requests().apply(), 6_000)).toEqual({
    message: `Waiting for other runs of this library in database "app" failed: session ${pid} of "master" held the lock for too long (55P03). Deploy again later. To end the session: SELECT pg_terminate_backend(${pid});`,
    code: '55P03',
    retryable: true,
  });
  const run = succeed(requests().apply());
  setTimeout(() => void holder.query(`SELECT pg_advisory_unlock(${KEY})`), 3_000);
  expect((await run).notices).toEqual([]);
  await succeed(requests().remove());
});
