import { type LockHolder, readLockHolders } from '../catalog/lock-holders';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { describePrepared, endingPrepared } from '../plan/prepared-transaction';
import { codeAndMessage } from '../sqlstates';
import type { Queries } from './queries';

/** The advisory lock that serializes runs of this library in one database; "datafold" in ASCII. */
const LOCK_KEY = '7233174018519133284';
/** The longest wait for other runs. */
export const MAX_LOCK_WAIT_MS = 60_000;
/** How often a waiting run checks who holds the lock: any role can take an advisory lock. */
const CHECK_EVERY_MS = 20_000;

/** The untrusted session that holds the lock, if the transaction continues without the lock. */
export interface LockOutcome {
  readonly ignored?: LockHolder;
}

/**
 * Begins a transaction with `statements` under the advisory lock of the database.
 *
 * The lock only avoids retries: without it, PostgreSQL rejects one of two concurrent changes ("tuple concurrently updated") and
 * that run tries again. Runs hold the lock as the administrator, so a lock that a weaker role holds is ignored.
 */
export async function beginLocked(
  session: Queries,
  statements: readonly string[],
  wait: number,
): Promise<LockOutcome> {
  const until = Date.now() + wait;
  const begin = ['BEGIN', ...statements].join('; ');
  const [{ got }] = await session.script<{ got: boolean }>(
    `${begin}; SELECT pg_try_advisory_xact_lock(${LOCK_KEY}) AS got`,
  );
  if (got) return {};
  for (;;) {
    const [holder] = await readLockHolders(session, LOCK_KEY);
    if (holder && !holder.isTrusted) return { ignored: holder };
    const timeout = Math.max(1, Math.min(CHECK_EVERY_MS, until - Date.now()));
    try {
      const lock = `SET LOCAL lock_timeout = ${timeout}; SELECT pg_advisory_xact_lock(${LOCK_KEY})`;
      await session.script(['ROLLBACK; BEGIN', lock, ...statements].join('; '));
      return {};
    } catch (error) {
      await session.script('ROLLBACK').catch(() => undefined); // the connection may be lost
      if (codeAndMessage(error).code !== '55P03') throw error;
      if (Date.now() >= until)
        throw lockTimeout(session, error, (await readLockHolders(session, LOCK_KEY))[0]);
      await session.script(begin);
    }
  }
}

/** Returns the notice about a lock that an untrusted session holds. */
export function ignoredLock({ databaseName }: Queries, holder: LockHolder): string {
  return `Database ${ident(databaseName)}: ${describe(holder)} holds the advisory lock ${LOCK_KEY} of this library, but is not the administrator: the run continued without the lock.${ending(holder)}`;
}

function lockTimeout({ databaseName }: Queries, cause: unknown, holder?: LockHolder): SqlRunnerError {
  const who = holder ? describe(holder) : 'another run';
  return new SqlRunnerError(
    `Waiting for other runs of this library in database ${ident(databaseName)} failed: ${who} held the lock for too long (55P03). Deploy again later.${holder ? ending(holder) : ''}`,
    '55P03',
    true,
    { cause },
  );
}

function describe({ pid, user, application, prepared }: LockHolder): string {
  if (pid === null) return describePrepared(prepared);
  return `session ${pid} of ${ident(user ?? '?')}${application ? ` (${application})` : ''}`;
}

function ending({ pid, prepared }: LockHolder): string {
  if (pid === null) return prepared ? ` ${endingPrepared(prepared)}` : '';
  return ` To end the session: SELECT pg_terminate_backend(${pid});`;
}
