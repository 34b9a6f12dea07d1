import type { Client } from 'pg';
import { answer } from '../../../lib/handler/sql-runner/answer';
import type { PasswordRequest } from '../../../lib/private/wire/sql';
import { PASSWORD, requestsTo } from '../../support/requests';
import { succeed, withServer } from '../../support/with-server';

// An attacker with Datafold's password changes the role in a transaction that stays open, and logs in again when it is ended.
const server = withServer();
const requests = () => requestsTo(server.postgres);
const datafold = { user: 'datafold', password: PASSWORD };
const NEW = 'An0ther-Datafold-Pa55word';
const TERMINATED =
  'Sessions of the role "datafold" had changed the role and not committed, which blocked this run: they were terminated. Datafold does not change its role. If no administrator did, replace the password.';
const CHANGE = "ALTER ROLE datafold PASSWORD 'x'";

let isAttacked: boolean;
let attackers: Promise<void>[] = [];

async function hold(change: string, holding: () => void): Promise<void> {
  while (isAttacked) {
    let client: Client;
    try {
      client = await server.postgres.connect(datafold, 'app');
    } catch {
      return holding(); // the password or the role no longer exists
    }
    const ended = new Promise((resolve) => client.once('end', resolve));
    await client.query(`BEGIN; ${change}`).then(holding, () => undefined);
    await ended;
  }
}

/** Holds the locks in several sessions, each of which logs in again as soon as it is terminated. */
async function attack(change: string): Promise<void> {
  isAttacked = true;
  await new Promise<void>((resolve) => {
    attackers = [1, 2, 3].map(async () => hold(change, resolve));
  });
}
async function endAttack(): Promise<void> {
  isAttacked = false;
  await server.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'datafold'`);
  await Promise.all(attackers);
}

beforeEach(async () => {
  await server.freshDatabase('app');
  await succeed(requests().apply());
});
afterEach(async () => {
  await endAttack();
  await answer(requests().remove());
});

test('the role cannot block its removal by an uncommitted change of its password', async () => {
  await attack(CHANGE);
  expect((await succeed(requests().remove())).notices).toEqual([TERMINATED]);
  expect(await server.roleExists('datafold')).toBe(false);
});

test('an administrator without pg_signal_backend terminates the sessions too', async () => {
  await server.sql('REVOKE pg_signal_backend FROM rds_superuser');
  await attack(CHANGE);
  expect((await succeed(requests().remove())).notices).toEqual([TERMINATED]);
  expect(await server.roleExists('datafold')).toBe(false);
  await server.sql('GRANT pg_signal_backend TO rds_superuser WITH ADMIN OPTION');
});

test('the role cannot block the rotation of its password, which locks the attacker out', async () => {
  await attack(CHANGE);
  const { server: address, admin } = requests().remove();
  const request: PasswordRequest = {
    ...{ operation: 'set-password', server: address, admin, roleName: 'datafold', databaseName: 'app' },
    ...{ passwordSecret: 'role', password: NEW, currentPassword: PASSWORD, maintenanceDatabase: 'postgres' },
  };
  expect(await succeed(request)).toEqual({ changed: true });
  await expect(server.sql('SELECT 1', 'app', datafold)).rejects.toMatchObject({ code: '28P01' });
});

test('the role cannot block a deployment that changes its limits, and other sessions of the role continue', async () => {
  const reading = await server.connection('app', datafold);
  await reading.query('BEGIN; CREATE TABLE datafold_tmp.t (id int)');
  const holding = await server.connection('app', datafold);
  await holding.query(`BEGIN; ALTER ROLE datafold IN DATABASE app SET work_mem = '1MB'`);
  const { notices } = await succeed(requests().apply({ access: { statementTimeout: 60_000 } }));
  expect(notices).toEqual([TERMINATED]);
  await reading.query('COMMIT');
});
