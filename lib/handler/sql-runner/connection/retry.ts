import { setTimeout as sleep } from 'node:timers/promises';
import { OutOfTime } from '../deadline';
import { explain, SqlRunnerError } from '../errors';
import { retryFor } from '../sqlstates';
import type { Target } from './target';

const WORK_ATTEMPTS = 8;
/** How long to retry with new connections, while a migration ends or a writer takes over. */
const WORK_RETRY_WINDOW_MS = 60_000;
/** No attempt begins with less time left: it would only time out, before the session that holds a lock is known, and hide the cause. */
const MIN_ATTEMPT_MS = 2_000;

/** Runs an idempotent unit of work and retries it after transient errors. Throws `OutOfTime` if no time is left. */
export async function retried<T>(target: Target, action: string, work: () => Promise<T>): Promise<T> {
  const retryUntil = Date.now() + WORK_RETRY_WINDOW_MS;
  return repeated(
    async () => {
      if (target.deadline.isNear()) throw new OutOfTime();
      return work();
    },
    (error, attempt, pauseMs) => {
      if (error instanceof OutOfTime) throw error;
      const cause = error instanceof SqlRunnerError ? error.cause : error;
      const hasTime = target.deadline.forWork() > pauseMs + MIN_ATTEMPT_MS;
      const mayRetry = attempt < WORK_ATTEMPTS || Date.now() < retryUntil;
      if (retryFor(cause) !== 'work' || !mayRetry || !hasTime) throw explain(error, action);
    },
  );
}

/** Repeats failed work after a pause, unless `assertRetryable` throws the error to report. */
export async function repeated<T>(
  work: () => Promise<T>,
  assertRetryable: (error: unknown, attempt: number, pauseMs: number) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = backOff(attempt);
      assertRetryable(error, attempt, pauseMs);
      await sleep(pauseMs);
    }
  }
}

/** Returns milliseconds to wait: exponential up to 5 s, with jitter. */
function backOff(attempt: number): number {
  return Math.min(5_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
}
