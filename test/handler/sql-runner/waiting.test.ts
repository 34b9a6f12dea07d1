import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { PASSWORD, requestsTo } from '../../support/requests';
import { fail, succeed, withServer } from '../../support/with-server';

const server = withServer();
const requests = () => requestsTo(server.postgres);

let migration: Client;

/** A migration that has changed the table `two` and is not done yet. */
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

test('keeps nobody waiting for long while it waits for a lock itself, and goes on when it gets it', async () => {
  const run = succeed(requests().apply());
  await untilTheRunWaits();
  const started = Date.now();
  await server.sql('ALTER TABLE one ADD COLUMN more int', 'app', server.postgres.admin);
  expect(Date.now() - started).toBeLessThan(6_000);
  await sleep(3_000); // another attempt meets the migration
  await migration.query('COMMIT');
  expect((await run).databases[0].unreadableCount).toBe(0);
  await server.sql('SELECT FROM one, two', 'app', { user: 'datafold', password: PASSWORD });
});

test('says what a run waited for in vain', async () => {
  expect(await fail(requests().apply(), 8_000)).toEqual({
    message:
      'Granting in database "app" failed: canceling statement due to lock timeout (55P03). ' +
      'Another session holds a lock for too long: a migration, or a transaction that was left open. End it (pg_stat_activity shows it), or deploy again later.',
    code: '55P03',
    retryable: true,
  });
});
