import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Login, Turn } from '../../../private/wire/sql';
import { SqlRunnerError } from '../errors';
import { connect } from './connect';
import type { Target } from './target';

/** The first key of the advisory locks that serialize runs for the same resource; "turn" in ASCII. */
const LOCK_CLASS = 1_953_854_062;
/** A run that waited longer than this for its turn may be outdated: the caller has to send it again. */
const MAX_START_MS = 30_000;
const TAKE_OVER_MS = 10_000;
const POLL_MS = 200;
const NAME = 'cdk-datafold-postgres';

interface Holder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Runs `work` while no other run for the same resource is active on the server.
 *
 * CloudFormation cancels an update without notice: the run of the update may still be active when the run of the rollback
 * begins. The newer run terminates the session that holds the lock of the older run, which then begins no further transaction.
 * A run that finds a newer run fails without changing anything.
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
      throw new SqlRunnerError('The run waited too long for its turn and is sent again.', '55P03', true);
    return await work({ ...target, assertTurn: () => assertLockHeld(isLockHeld) });
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
  }
}

function assertLockHeld(isLockHeld: boolean): void {
  if (isLockHeld) return;
  const cause = 'a newer run for the same resource took over, or the connection was lost';
  throw new SqlRunnerError(
    `The run ended early: ${cause}. Its completed transactions are committed.`,
    '57P01',
    true,
  );
}

/** Takes a transaction-level lock, which ends with the transaction behind a pooler too. */
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
        'Another run for the same resource is active on the server (application_name in pg_stat_activity: ' +
          `${(newer ?? holders[0]).name}). The other run ends within 10 minutes. Deploy again then.`,
        '55P03',
        true,
      );
    for (const { pid } of holders)
      await client.query('SELECT pg_terminate_backend($1)', [pid]).catch(() => undefined);
    await sleep(POLL_MS);
  }
}

/** The application_name of runs for a resource, without the number of the request. */
const nameFor = (key: string) => `${NAME} ${key.slice(0, 8).replace(/\W/g, '')}`;

/**
 * Returns the active runs for the resource; none if the lock was acquired. Any role can take an advisory lock: if another role
 * than the administrator holds it, runs recognize each other only by application_name.
 */
async function tryLock(client: Client, key: string): Promise<readonly Holder[]> {
  const number = parseInt(key.slice(0, 8), 16) | 0;
  const { rows: got } = await client.query<{ got: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, $2) AS got',
    [LOCK_CLASS, number],
  );
  if (got[0]?.got) return [];
  await client.query('SELECT pg_stat_clear_snapshot()'); // a transaction otherwise keeps its first snapshot of pg_stat_activity
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

/** Returns whether the run of `name` is older; of one request, the later invocation is newer. */
function isOlder({ name }: Holder, { requestedAt, invocation }: Turn): boolean {
  const [, at = NaN, count = NaN] = (/ (\d+)\.(\d+)$/.exec(name) ?? []).map(Number);
  return at < requestedAt || (at === requestedAt && count < invocation);
}
