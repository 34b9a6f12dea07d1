import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

let migration: Client;

/** A migration that changed the table `two` and has not committed. */
beforeEach(async () => {
  await server.freshDatabase('app');
  const { admin } = server.postgres;
  await server.sql('CREATE TABLE one (id int); CREATE TABLE two (id int)', 'app', admin);
  migration = await server.connection('app', admin);
  await migration.query('BEGIN; ALTER TABLE two ADD COLUMN more int');
});
afterEach(async () => {
  await migration.query('ROLLBACK');
  await succeed(requests().remove());
});

async function untilTheRunWaits(): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE application_name = 'cdk-datafold-postgres' AND wait_event_type = 'Lock'`;
  while ((await server.sql(waiting)).length === 0) await sleep(10);
}

test('does not block other sessions for long while it waits for a lock, and continues when it gets the lock', async () => {
  const run = succeed(requests().apply());
  await untilTheRunWaits();
  const started = Date.now();
  await server.sql('ALTER TABLE one ADD COLUMN more int', 'app', server.postgres.admin);
  expect(Date.now() - started).toBeLessThan(15_000);
  await sleep(3_000); // another attempt waits for the migration
  await migration.query('COMMIT');
  expect((await run).databases[0].unreadableCount).toBe(0);
  await server.sql('SELECT FROM one, two', 'app', { user: 'datafold', password: PASSWORD });
});

const inVain = (action: string, holder: string, object: string) => ({
  message: expect.stringMatching(
    new RegExp(
      `^${action} failed: canceling statement due to lock timeout \\(55P03\\)\\. Session ${holder}in a transaction since \\d\\d:\\d\\d:\\d\\d UTC\\) holds a lock on ${object}\\. ` +
        `End the session \\(SELECT pg_terminate_backend\\(\\d+\\);\\), or deploy again later\\.$`,
    ),
  ) as string,
  code: '55P03',
  retryable: true,
});
const pidOf = async (client: Client) =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0].pid;

test('names the object and the session after a lock timeout', async () => {
  const holder = `${await pidOf(migration)} of "master" \\(`;
  expect(await fail(requests().apply(), 8_000)).toEqual(
    inVain('Granting in database "app"', holder, 'table public.two'),
  );
});

test('the verification ends in time if another session of the role has created the same table and not committed, and names the session', async () => {
  await migration.query('ROLLBACK');
  await succeed(requests().apply());
  const other = await server.connection('app', { user: 'datafold', password: PASSWORD });
  await other.query(`SET application_name = ''; BEGIN; CREATE TABLE datafold_tmp.test_connection (id int)`);
  const { message, ...rest } = await fail(requests().verify(), 8_000);
  expect(message).toMatch(
    new RegExp(
      `^Verifying database "app" as "datafold" failed: canceling statement due to lock timeout \\(55P03\\)\\. ` +
        `Session ${await pidOf(other)} of "datafold" \\(in a transaction since \\d\\d:\\d\\d:\\d\\d UTC\\) holds a lock\\. `,
    ),
  );
  expect(rest).toEqual({ code: '55P03', retryable: true });
  await other.query('ROLLBACK');
  expect((await succeed(requests().verify())).databases[0].steps[1].ok).toBe(true);
});

test('names them also for the role itself and for a table in the temp schema', async () => {
  await migration.query('ROLLBACK');
  await succeed(requests().apply());
  await server.sql('CREATE TABLE datafold_tmp.left_behind (id int)', 'app', {
    user: 'datafold',
    password: PASSWORD,
  });
  const other = await server.connection('app');
  const holder = `${await pidOf(other)} of "rdsadmin" \\(`;
  await other.query(
    `SET application_name = ''; BEGIN; LOCK TABLE datafold_tmp.left_behind IN ACCESS SHARE MODE`,
  );
  expect(await fail(requests().remove(), 8_000)).toEqual(
    inVain('Removing "datafold" from database "app"', holder, 'table datafold_tmp.left_behind'),
  );
  await other.query(
    'ROLLBACK; CREATE TABLE IF NOT EXISTS late (id int); BEGIN; GRANT SELECT ON late TO datafold',
  );
  expect(await fail(requests().remove(), 8_000)).toEqual(
    inVain('Dropping role "datafold"', holder, 'role datafold'),
  );
  await other.query('ROLLBACK');
});
