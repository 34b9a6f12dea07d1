import fc from 'fast-check';

/** `npm run test:soak` tries many more cases than `npm test`: more random ones, and all where a few stand for the others. */
export const SOAK = process.env.SOAK === '1';

// The same cases each time in `npm test`, others in each soak test. SEED=n repeats those of a seed.
const seed = Number(process.env.SEED ?? (SOAK ? Date.now() : 1));

// Jest's timeout names neither the seed nor the case, so this timeout is shorter.
const LIMIT = SOAK ? 3_000_000 : 270_000;
fc.configureGlobal({ seed, interruptAfterTimeLimit: LIMIT, markInterruptAsFailure: true });
jest.setTimeout(LIMIT + 30_000);

/** How many cases: a few in `npm test`, twenty times as many in a soak. */
export const rounds = (few: number) => (SOAK ? 20 * few : few);

export { fc };
