import { Continue, type Outcome } from './outcome';
import { poll, type Backoff } from './retry';
import type { Run } from './run';

/** Time runs out in the middle of a wait. */
class OutOfTime extends Error {}

const WAIT: Backoff = { firstPauseMs: 2_000, maxPauseMs: 15_000, factor: 1.5 };
/** So much time is left for what comes after a look. */
const MARGIN_MS = 10_000;

/** Work that can begin anew at any point: another invocation goes on with it when time runs out. */
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

/** In resumable work: looks until there is something to see. `what` completes the sentence: it waits for … */
export async function waitUntil<T>(
  run: Run,
  what: () => string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const seen = await poll(run, WAIT, look, ({ pauseMs }) => {
    run.waitingFor = what();
    return run.timeLeft() >= pauseMs + MARGIN_MS;
  });
  if (seen === undefined) throw new OutOfTime();
  return seen;
}
