import { setTimeout as wait } from 'node:timers/promises';

/** Time, so that tests need not spend it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};
