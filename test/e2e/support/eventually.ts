import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer, for 10 seconds. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`Waited 10 s in vain for: ${ask.toString()}`);
    }
    await sleep(100);
  }
}
