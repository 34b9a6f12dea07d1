import type { Clock } from './deadline';

/** The pauses between attempts: constant, or growing by `factor` up to `maxPauseMs`. */
export interface Backoff {
  readonly firstPauseMs: number;
  readonly maxPauseMs?: number;
  /** 2 where nothing else is said. */
  readonly factor?: number;
}

/** An attempt. */
export interface Attempt {
  /** 1 for the first. */
  readonly count: number;
  /** Since the first attempt began. */
  readonly elapsedMs: number;
  /** The pause before the next attempt, if there is one. */
  readonly pauseMs: number;
}

/** A run, or a clock that is paused by: see `pausedBy`. */
export interface Waiter {
  readonly clock: Pick<Clock, 'now'>;
  pause(milliseconds: number): Promise<void>;
}

/** Time for work that must not stop when the time to hand over comes. */
export function pausedBy(clock: Clock): Waiter {
  return { clock, pause: async (milliseconds) => clock.sleep(milliseconds) };
}

export function pauseAfter({ firstPauseMs, maxPauseMs, factor = 2 }: Backoff, count: number): number {
  return Math.min(maxPauseMs ?? firstPauseMs, firstPauseMs * factor ** (count - 1));
}

/** True while a next attempt would begin within so much time. */
export function within(windowMs: number): (attempt: Attempt) => boolean {
  return ({ elapsedMs, pauseMs }) => elapsedMs + pauseMs <= windowMs;
}

/** Repeats work that fails, as long as `isRetryable` says so of the error. */
export async function retry<T>(
  waiter: Waiter,
  backoff: Backoff | ((count: number) => number),
  work: () => Promise<T>,
  isRetryable: (error: unknown, attempt: Attempt) => boolean,
): Promise<T> {
  const from = waiter.clock.now();
  const pauseFor = typeof backoff === 'function' ? backoff : (count: number) => pauseAfter(backoff, count);
  for (let count = 1; ; count++) {
    try {
      return await work();
    } catch (error) {
      const attempt = { count, elapsedMs: waiter.clock.now() - from, pauseMs: pauseFor(count) };
      if (!isRetryable(error, attempt)) throw error;
      await waiter.pause(attempt.pauseMs);
    }
  }
}

/** Looks until there is something to see, as long as `goOn` says so; undefined where there was nothing. */
export async function poll<T>(
  waiter: Waiter,
  backoff: Backoff,
  look: () => Promise<T | undefined>,
  goOn: (attempt: Attempt) => boolean,
): Promise<T | undefined> {
  return retry<T | undefined>(
    waiter,
    backoff,
    async () => {
      const seen = await look();
      if (seen === undefined) throw NOTHING_YET;
      return seen;
    },
    (error, attempt) => error === NOTHING_YET && goOn(attempt),
  ).catch((error: unknown) => {
    if (error !== NOTHING_YET) throw error;
    return undefined;
  });
}

const NOTHING_YET = new Error('nothing to see yet');
