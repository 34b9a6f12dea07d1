/**
 * The random test of updates: each round changes two to four props at once, a third of the updates is made to fail, and
 * every few rounds the stack is destroyed. Whatever happens, nothing may be left behind: AWS and both servers are compared.
 *
 *   npm run test:random                              20 rounds, a seed of its own
 *   npm run test:random -- --rounds 100 --seed 7     the same rounds whenever the seed is the same
 *   npm run test:random -- --fixed                   only the props that are known to be difficult together; before the random
 *                                                    rounds, if --rounds is given too
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import bundleHandlers from '../support/bundle';
import { Lab } from '../e2e/support/lab';
import { findNode24 } from '../e2e/support/node24';
import { target } from '../e2e/support/target';
import { play } from './play';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, seed: { type: 'string' }, fixed: { type: 'boolean' } },
  });
  const fixed = values.fixed ?? false;
  const rounds = Number(values.rounds ?? (fixed ? 0 : 20));
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const aws = target(process.env);
  if (aws.kind !== 'emulator') {
    console.log(`Random test skipped: ${aws.kind === 'none' ? aws.reason : 'it needs an emulated AWS'}.`);
    console.log('0 passed, 0 failed, 1 skipped');
    return 0;
  }
  bundleHandlers();
  const dir = mkdtempSync(join(tmpdir(), 'datafold-random-'));
  chmodSync(dir, 0o755); // PostgreSQL runs as a user of its own
  const started = Date.now();
  const again = `${fixed ? '--fixed ' : ''}--rounds ${rounds}`;
  console.log(`The same once more: npm run test:random -- ${again} --seed ${seed}`);
  const passed = await play({ sources: aws.sources, dir, fixed, rounds, seed, node24: await findNode24() });
  if (passed) rmSync(dir, { recursive: true, force: true });
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`${passed ? '1 passed, 0 failed' : '0 passed, 1 failed'}, 0 skipped (${seconds} s)`);
  return passed ? 0 : 1;
}

process.on('exit', () => Lab.stopAll());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
