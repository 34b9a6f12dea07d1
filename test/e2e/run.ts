/**
 * The end-to-end suite. Each scenario runs twice, in two emulators side by side: resources made in the order of the template,
 * and reversed. Those that need an emulator of another kind run in a third.
 *
 *   npm run test:e2e                     all
 *   npm run test:e2e -- 4 reverse        scenarios 4.1, 4.2 and so on, in one order
 *   npm run test:e2e -- apart            those of the third
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleHandlers from '../support/bundle';
import { scenarios } from './scenarios';
import { Lab } from './support/lab';
import { leaks, searched } from './support/leaks';
import { target } from './support/target';
import { tour, type Report } from './support/tour';

const LANES = [
  { name: 'template', order: 'template', postgresPort: 21_000 },
  { name: 'reverse', order: 'reverse', postgresPort: 21_200 },
  { name: 'apart', order: 'template', postgresPort: 21_400 },
] as const;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const wanted = args.filter((arg) => /^\d/.test(arg));
  const chosen = scenarios.filter(
    (s) => wanted.length === 0 || wanted.some((w) => `${s.number}.`.startsWith(`${w}.`)),
  );
  const aws = target(process.env);
  if (aws.kind === 'none') {
    console.log(`End-to-end suite skipped: ${aws.reason}.`);
    console.log(`0 passed, 0 failed, ${chosen.length} skipped`);
    return 0;
  }
  const started = Date.now();
  bundleHandlers();
  const dir = mkdtempSync(join(tmpdir(), 'datafold-e2e-'));
  chmodSync(dir, 0o755); // PostgreSQL runs as a user of its own
  const lanes = LANES.filter(({ name }) => args.includes(name));
  const reports = await Promise.all(
    (lanes.length ? lanes : LANES).map(async (lane) => {
      const ofLane = chosen.filter(({ emulator }) => (emulator !== undefined) === (lane.name === 'apart'));
      return tour({ ...lane, sources: aws.sources, dir, scenarios: ofLane });
    }),
  );
  const worlds = reports.flatMap((report) => report.worlds.flatMap((world) => [world, ...world.siblings]));
  const found = worlds.flatMap((world) => leaks(world));
  console.log(`${found.length ? 'FAIL' : 'PASS'} no secret in ${worlds.map((w) => searched(w)).join('; ')}`);
  found.forEach((leak) => console.log(`        ${leak}`));
  const sum = (of: (report: Report) => number, more: number) => reports.reduce((n, r) => n + of(r), more);
  const passed = sum((r) => r.passed, found.length ? 0 : 1);
  const failed = sum((r) => r.failed, found.length ? 1 : 0);
  const skipped = sum((r) => r.skipped, 0);
  if (failed === 0) {
    rmSync(dir, { recursive: true, force: true });
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`);
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
