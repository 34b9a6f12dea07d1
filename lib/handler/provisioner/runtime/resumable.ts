import { Continue, type Outcome } from './outcome';
import { poll, type Backoff } from './retry';
import type { Run } from './run';

/** The time of the invocation ends during a wait. */
class OutOfTime extends Error {}

const WAIT: Backoff = { firstPauseMs: 2_000, maxPauseMs: 15_000, factor: 1.5 };
/** Time that must remain after a check. */
const MARGIN_MS = 10_000;

/** Runs idempotent work; another invocation continues it when the time of this one ends. */
export async function resumable<T extends Outcome | undefined>(
  run: Run,
  work: () => Promise<T>,
  state: () => unknown = () => ({}),
): Promise<T | Continue> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutOfTime || run.isCutShort(error)) return new Continue(state());
    throw error;
  }
}

/** In resumable work, calls `check` until it returns a value. `what` completes the sentence "it waits for …". */
export async function waitUntil<T>(
  run: Run,
  what: () => string,
  check: () => Promise<T | undefined>,
): Promise<T> {
  const found = await poll(run, WAIT, check, ({ pauseMs }) => {
    run.waitingFor = what();
    return run.timeLeft() >= pauseMs + MARGIN_MS;
  });
  if (found === undefined) throw new OutOfTime();
  return found;
}
