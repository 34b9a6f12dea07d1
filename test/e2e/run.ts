/**
 * The end-to-end suite. Resources that do not depend on each other are made in several orders: each is a lane, with an
 * emulator of its own. Scenarios that need an emulator of another kind run in the lane `apart`.
 * `--help` prints how to run it.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import bundleHandlers from '../support/bundle';
import { scenarios } from './scenarios';
import { Account, type AccountOptions } from './support/account';
import { cleanUp } from './support/clean-up';
import { slower } from './support/eventually';
import { assertAccount, inAccount, surroundings } from './support/in-account';
import { inEmulator } from './support/in-emulator';
import { Lab } from './support/lab';
import { lanes, seeds, USAGE } from './support/lanes';
import { leaks, searched } from './support/leaks';
import { findNode24 } from './support/node24';
import { target } from './support/target';
import { tour, type Report } from './support/tour';

/**
 * So many emulators at a time. Each leaves a processor idle for half of the time: functions wait and programs poll. Lanes in an
 * account wait for AWS, not for this machine.
 */
const SIDE_BY_SIDE = Math.max(4, availableParallelism());

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const aws = target(process.env);
  const wishes = { args: args.filter((arg) => arg !== 'clean'), seeds: seeds(args, process.env) };
  const chosen = lanes(scenarios, wishes);
  if (aws.kind === 'none') {
    console.log(`End-to-end suite skipped: ${aws.reason}.`);
    console.log(`0 passed, 0 failed, ${chosen.flatMap((lane) => lane.scenarios).length} skipped`);
    return 0;
  }
  const started = Date.now();
  bundleHandlers();
  const dir = mkdtempSync(join(tmpdir(), 'datafold-e2e-'));
  chmodSync(dir, 0o755); // PostgreSQL runs as a user of its own
  if (aws.kind === 'aws') {
    slower.times = 60;
    const options = { ...aws, dir, ...(await surroundings(process.env)) };
    await assertAccount(aws.account, options);
    if (args.includes('clean')) return clean(options);
    console.log(
      `After an abrupt end, what it left goes with: E2E_AWS_RUN=${aws.run} npm run test:e2e -- clean`,
    );
    const wanted = [...new Set(chosen.flatMap((lane) => lane.scenarios))];
    return sumOf(await Promise.all(inAccount(wanted, options).map(tour)), dir, started);
  }
  const node24 = await findNode24();
  if (!node24 && args.includes('--ci'))
    throw new Error('CI runs the functions on Node 24, which is not there.');
  console.log(
    `Functions run on ${node24 ?? `this Node, ${process.version}`}. E2E_SEEDS=${wishes.seeds.join()}`,
  );
  const { sources } = aws;
  const waiting = chosen.map((lane, i) =>
    inEmulator(lane, { sources, dir, node24, postgresPort: 21_000 + 200 * i }),
  );
  const reports: Report[] = [];
  const takeTurns = async () => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift())
      reports.push(await tour(lane));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, takeTurns));
  return sumOf(reports, dir, started);
}

/** What a run that was killed left behind. */
async function clean(options: Omit<AccountOptions, 'lane'>): Promise<number> {
  const left = await cleanUp(new Account({ ...options, lane: '' }));
  left.forEach((line) => console.log(`left: ${line}`));
  console.log(
    left.length === 0 ? `Nothing of run ${options.run} is left.` : `${left.length} things are left.`,
  );
  return left.length === 0 ? 0 : 1;
}

function sumOf(reports: readonly Report[], dir: string, started: number): number {
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
