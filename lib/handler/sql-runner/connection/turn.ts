import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Login, Turn } from '../../../private/wire/sql';
import { SqlRunnerError } from '../errors';
import { connect } from './connect';
import type { Target } from './target';

/** The first key of the advisory locks that runs for the same resource exclude each other by; "turn" in ASCII. */
const LOCK_CLASS = 1_953_854_062;
/** A run that begins later than this after its start may be out of date: whoever asked for it looks first. */
const MAX_START_MS = 30_000;
const TAKE_OVER_MS = 10_000;
const POLL_MS = 200;
const NAME = 'cdk-datafold-postgres';

interface Holder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Runs `work` while no other run for the same resource is at work on the server.
 *
 * CloudFormation cancels an update without notice: the run that it asked for may still be under way when the one of the
 * rollback begins. The newer one ends the older one by ending the session that holds its lock; the older one begins no
 * further transaction. A run that finds a newer one at work does nothing.
 */
export async function inTurn<T>(
  target: Target,
  { turn, admin, maintenanceDatabase }: { turn?: Turn; admin: Login; maintenanceDatabase: string },
  work: (target: Target) => Promise<T>,
): Promise<T> {
  if (!turn) return work(target);
  const started = Date.now();
  const { client } = await connect(target, admin, maintenanceDatabase);
  let isLockHeld = true;
  client.on('end', () => (isLockHeld = false));
  client.on('error', () => (isLockHeld = false));
  try {
    await takeLock(client, turn);
    if (Date.now() - started > MAX_START_MS)
      throw new SqlRunnerError('The run began late: it is asked for again.', '55P03', true);
    return await work({ ...target, assertTurn: () => assertLockHeld(isLockHeld) });
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
  }
}

function assertLockHeld(isLockHeld: boolean): void {
  if (isLockHeld) return;
  const cause = 'a newer run for the same resource took over, or the connection was lost';
  throw new SqlRunnerError(`The run ended half-way: ${cause}. What it did is committed.`, '57P01', true);
}

/** The lock is one of a transaction, so that it goes with it behind a pooler too. */
async function takeLock(client: Client, turn: Turn): Promise<void> {
  const { key, requestedAt, invocation } = turn;
  const name = `${nameFor(key)} ${requestedAt}.${invocation}`;
  await client.query(
    `BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL application_name = '${name}'`,
  );
  const end = Date.now() + TAKE_OVER_MS;
  for (;;) {
    const holders = await tryLock(client, key);
    if (holders.length === 0) return;
    const newer = holders.find((holder) => !isOlder(holder, turn));
    if (newer || Date.now() > end)
      throw new SqlRunnerError(
        'Another run for the same resource is at work on the server (pg_stat_activity shows it as ' +
          `${(newer ?? holders[0]).name}). It ends within 10 minutes; deploy again then.`,
        '55P03',
        true,
      );
    for (const { pid } of holders)
      await client.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => undefined);
    await sleep(POLL_MS);
  }
}

/** By what a session of a run is known; whoever else has the lock, only the admin's sessions count. */
const nameFor = (key: string) => `${NAME} ${key.slice(0, 8).replace(/\W/g, '')}`;

/**
 * None where the lock was got and nobody is at work. Anybody can take an advisory lock: where others than the admin have it,
 * the runs know each other by the names of their sessions alone, and none is kept waiting.
 */
async function tryLock(client: Client, key: string): Promise<readonly Holder[]> {
  const number = parseInt(key.slice(0, 8), 16) | 0;
  const { rows: got } = await client.query<{ got: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, $2) AS got',
    [LOCK_CLASS, number],
  );
  if (got[0]?.got) return [];
  await client.query('SELECT pg_stat_clear_snapshot()'); // sessions are those of the transaction's first look otherwise
  const { rows } = await client.query<Holder & { holds: boolean }>(
    `SELECT a.pid, a.application_name AS name, EXISTS (
       SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
         AND l.classid = $1::int4::oid AND l.objid = $2::int4::oid AND l.database = a.datid) AS holds
     FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
       AND left(a.application_name, length($3::text)) = $3::text`,
    [LOCK_CLASS, number, `${nameFor(key)} `],
  );
  const holders = rows.filter(({ holds }) => holds);
  return holders.length > 0 ? holders : rows;
}

/** Of the same request, the later invocation is the newer one. */
function isOlder({ name }: Holder, { requestedAt, invocation }: Turn): boolean {
  const [, at = NaN, count = NaN] = (/ (\d+)\.(\d+)$/.exec(name) ?? []).map(Number);
  return at < requestedAt || (at === requestedAt && count < invocation);
}
