import type { Clock } from './deadline';

/** The pauses between attempts: constant, or growing by `factor` up to `maxPauseMs`. */
export interface Backoff {
  readonly firstPauseMs: number;
  readonly maxPauseMs?: number;
  /** Default: 2. */
  readonly factor?: number;
}

/** An attempt that failed. */
export interface Attempt {
  /** Starts at 1. */
  readonly count: number;
  /** The time since the start of the first attempt. */
  readonly elapsedMs: number;
  /** The pause before the next attempt. */
  readonly pauseMs: number;
}

/** A run, or a clock wrapped by `pausedBy`. */
export interface Waiter {
  readonly clock: Pick<Clock, 'now'>;
  pause(milliseconds: number): Promise<void>;
}

/** Returns a waiter for work that must not stop at the soft deadline of the invocation. */
export function pausedBy(clock: Clock): Waiter {
  return { clock, pause: async (milliseconds) => clock.sleep(milliseconds) };
}

/** Returns the pause after an attempt, in milliseconds; the first attempt has the count 1. */
export function pauseAfter({ firstPauseMs, maxPauseMs, factor = 2 }: Backoff, count: number): number {
  return Math.min(maxPauseMs ?? firstPauseMs, firstPauseMs * factor ** (count - 1));
}

/** Returns a condition that is true while the next attempt starts within the window. */
export function within(windowMs: number): (attempt: Attempt) => boolean {
  return ({ elapsedMs, pauseMs }) => elapsedMs + pauseMs <= windowMs;
}

/** Repeats failed work as long as `isRetryable` returns true. */
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

/** Calls `check` until it returns a value or `mayRepeat` returns false; then returns undefined. */
export async function poll<T>(
  waiter: Waiter,
  backoff: Backoff,
  check: () => Promise<T | undefined>,
  mayRepeat: (attempt: Attempt) => boolean,
): Promise<T | undefined> {
  return retry<T | undefined>(
    waiter,
    backoff,
    async () => {
      const found = await check();
      if (found === undefined) throw NOTHING_YET;
      return found;
    },
    (error, attempt) => error === NOTHING_YET && mayRepeat(attempt),
  ).catch((error: unknown) => {
    if (error !== NOTHING_YET) throw error;
    return undefined;
  });
}

const NOTHING_YET = new Error('no value yet');
