import { type LockHolder, readLockHolders } from '../catalog/lock-holders';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';
import type { Queries } from './queries';

/** Serializes all runs of this library on one database; "datafold" in ASCII. */
const LOCK_KEY = '7233174018519133284';
/** The longest wait for other runs, in milliseconds. */
export const MAX_LOCK_WAIT_MS = 60_000;
/** Anybody can take an advisory lock: so often a run that waits looks who has it. */
const CHECK_EVERY_MS = 20_000;

/** Who keeps the lock for nothing, if the transaction goes on without it. */
export interface LockOutcome {
  readonly ignored?: LockHolder;
}

/**
 * Begins a transaction by `statements` under the lock of the database.
 *
 * The lock only spares runs each other's retries: what they do at the same time, PostgreSQL refuses to one of them ("tuple
 * concurrently updated"), which tries again. So nobody has to be waited for but runs, which work as the administrator:
 * a lock that a weaker role holds is ignored.
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
      await session.script('ROLLBACK').catch(() => undefined); // the connection may be gone
      if (codeAndMessage(error).code !== '55P03') throw error;
      if (Date.now() >= until)
        throw lockTimeout(session, error, (await readLockHolders(session, LOCK_KEY))[0]);
      await session.script(begin);
    }
  }
}

/** What a person is told of a lock that is held for nothing. */
export function ignoredLock({ databaseName }: Queries, holder: LockHolder): string {
  return `Database ${ident(databaseName)}: ${describe(holder)} holds the advisory lock ${LOCK_KEY}, by which the runs of this library wait for each other, and may not make any do so: the run went on without it.${ending(holder)}`;
}

function lockTimeout({ databaseName }: Queries, cause: unknown, holder?: LockHolder): SqlRunnerError {
  const who = holder ? describe(holder) : 'another run';
  return new SqlRunnerError(
    `Waiting for other runs of this library in database ${ident(databaseName)} failed: ${who} held their lock for too long (55P03). Deploy again later.${holder ? ending(holder) : ''}`,
    '55P03',
    true,
    { cause },
  );
}

function describe({ pid, user, application }: LockHolder): string {
  if (pid === null) return 'a prepared transaction (pg_prepared_xacts)';
  return `session ${pid} of ${ident(user ?? '?')}${application ? ` (${application})` : ''}`;
}

function ending({ pid }: LockHolder): string {
  return pid === null ? '' : ` To end that session: SELECT pg_terminate_backend(${pid});`;
}
