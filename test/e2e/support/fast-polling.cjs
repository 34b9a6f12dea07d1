// Preloaded into the CDK CLI when an emulator answers: the CLI looks every 2 to 5 seconds whether a stack is done, which
// is most of a deployment that takes the emulator half a second. Nothing else of the CLI is changed.
const real = globalThis.setTimeout;
const promisify = Symbol.for('nodejs.util.promisify.custom');
const fast = (callback, delay, ...rest) =>
  real(callback, delay >= 500 && delay <= 30_000 ? 100 : delay, ...rest);
fast[promisify] = (delay, value) => new Promise((resolve) => fast(resolve, delay, value));
globalThis.setTimeout = Object.assign(fast, { [promisify]: fast[promisify] });
