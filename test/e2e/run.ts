/**
 * The end-to-end suite. Each scenario runs twice, in two emulators side by side: resources made in the order of the template,
 * and reversed.
 *
 *   npm run test:e2e                     all
 *   npm run test:e2e -- 4 reverse        scenarios 4.1, 4.2 and so on, in one order
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleHandlers from '../support/bundle';
import { scenarios } from './scenarios';
import { Lab } from './support/lab';
import { leaks, searched } from './support/leaks';
import { target } from './support/target';
import { tour } from './support/tour';

const ORDERS = [
  { order: 'template', postgresPort: 21_000 },
  { order: 'reverse', postgresPort: 21_200 },
] as const;

async function main(): Promise<number> {
  const aws = target(process.env);
  if (aws.kind === 'none') {
    console.log(`End-to-end suite skipped: ${aws.reason}.`);
    return 0;
  }
  const started = Date.now();
  const wanted = process.argv.slice(2).filter((arg) => /^\d/.test(arg));
  const orders = ORDERS.filter(({ order }) => process.argv.includes(order));
  const chosen = scenarios.filter(
    (s) => wanted.length === 0 || wanted.some((w) => `${s.number}.`.startsWith(`${w}.`)),
  );
  bundleHandlers();
  const dir = mkdtempSync(join(tmpdir(), 'datafold-e2e-'));
  chmodSync(dir, 0o755); // PostgreSQL runs as a user of its own
  const reports = await Promise.all(
    (orders.length ? orders : ORDERS).map(async (way) =>
      tour({ ...way, sources: aws.sources, dir, scenarios: chosen }),
    ),
  );
  const worlds = reports.flatMap((report) => report.worlds.flatMap((world) => [world, ...world.siblings]));
  const found = worlds.flatMap((world) => leaks(world));
  console.log(`${found.length ? 'FAIL' : 'PASS'} no secret in ${worlds.map((w) => searched(w)).join('; ')}`);
  found.forEach((leak) => console.log(`        ${leak}`));
  const passed = reports.reduce((sum, r) => sum + r.passed, found.length ? 0 : 1);
  const failed = reports.reduce((sum, r) => sum + r.failed, found.length ? 1 : 0);
  if (failed === 0) {
    rmSync(dir, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  return failed === 0 ? 0 : 1;
}

process.on('exit', () => Lab.stopAll());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(1));
}
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
