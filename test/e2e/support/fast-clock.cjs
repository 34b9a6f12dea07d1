// Preloaded into a function of a scenario in which a wait of the library times out: its clock runs 30 times as fast, so that five
// minutes take ten seconds. Nothing else of the function is changed.
const FACTOR = 30;
const start = Date.now();
const realNow = Date.now;
const realSetTimeout = globalThis.setTimeout;
Date.now = () => start + (realNow() - start) * FACTOR;
globalThis.setTimeout = Object.assign(
  (callback, delay = 0, ...rest) => realSetTimeout(callback, delay / FACTOR, ...rest),
  realSetTimeout,
);
require('node:timers/promises').setTimeout = async (delay, value, { signal } = {}) =>
  await new Promise((resolve, reject) => {
    const stop = () => reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }));
    if (signal?.aborted) return stop();
    globalThis.setTimeout(() => resolve(value), delay);
    signal?.addEventListener('abort', stop, { once: true });
  });
