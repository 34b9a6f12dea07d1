import { setTimeout as sleep } from 'node:timers/promises';

/** How much slower than an emulator, which answers at once, the AWS of this run is. */
export const slower = { times: 1 };

/** Asks again until there is an answer. */
export async function eventually<T>(ask: () => Promise<T | undefined>, seconds = 10): Promise<T> {
  const end = Date.now() + seconds * 1000 * slower.times;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`Waited ${seconds} s without success for: ${ask.toString()}`);
    }
    await sleep(100 * slower.times);
  }
}
