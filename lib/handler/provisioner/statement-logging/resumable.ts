import { Continue, type Outcome } from '../runtime/outcome';
import type { Run } from '../aws/run';

/** So much time is left for what comes after a look. */
const MARGIN = 10_000;
const FIRST_PAUSE = 2_000;
const MAX_PAUSE_MS = 15_000;

/** Time runs out in the middle of a wait. */
class OutOfTime extends Error {}

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

/** Looks until there is something to see. `what` completes the sentence: it waits for … */
export async function until<T>(run: Run, what: () => string, look: () => Promise<T | undefined>): Promise<T> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    run.waitingFor = what();
    if (run.timeLeft() < pause + MARGIN) throw new OutOfTime();
    await run.pause(pause);
  }
}
