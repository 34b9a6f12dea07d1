import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** How much slower than an emulator, which answers at once, the AWS of this run is. */
export const slower = { times: 1 };

/** Longer than a slow machine takes, with all lanes at work; nothing waits this long but for what never comes. */
const SECONDS = 60;

/** Asks again until there is an answer. */
export async function eventually<T>(ask: () => Promise<T | undefined>, seconds = SECONDS): Promise<T> {
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

/** Asks again until the answer is as expected. */
export async function becomes<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  let last: T | undefined;
  await eventually(async () => (last = await ask()) === expected || undefined).catch(() => undefined);
  assert.equal(last, expected);
}
