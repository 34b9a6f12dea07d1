import { setTimeout as sleep } from 'node:timers/promises';
import { explain, SqlRunnerError } from '../errors';
import { retryFor } from '../sqlstates';
import type { Target } from './target';

const WORK_ATTEMPTS = 8;

/** Runs a unit of work that may be run again as a whole, again after errors that pass. */
export async function retried<T>(target: Target, doing: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof SqlRunnerError ? error.cause : error;
      const again = retryFor(cause) === 'work' && attempt < WORK_ATTEMPTS && !target.deadline.isNear();
      if (!again) throw explain(error, doing);
      await sleep(backOff(attempt));
    }
  }
}

/** Milliseconds: doubling up to 5 s, with jitter so that many clients do not come back together. */
export function backOff(attempt: number): number {
  return Math.min(5_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
}
