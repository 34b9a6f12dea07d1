import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, type Benchmark } from './figure';

const RUNS = 9;
const CLI = require.resolve('aws-cdk/bin/cdk');
const APP = join(__dirname, 'synth-app.js');

/** Wall time of an app with one server, with and without this library: by `cdk synth`, and the app's process alone. */
export const run: Benchmark = async () => {
  const out = mkdtempSync(join(tmpdir(), 'datafold-bench-'));
  const node = (args: string[]) => async () =>
    execFileSync(process.execPath, args, {
      stdio: 'ignore',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    });
  const cli = (how: string) =>
    node([CLI, 'synth', '-q', '--app', `node ${APP} ${how}`, '-o', join(out, how)]);
  const alone = (how: string) => node([APP, how, join(out, `${how}-alone`)]);
  await cli('with')();
  const synth = await inTurn(RUNS, cli('with'), cli('without'));
  const app = await inTurn(RUNS, alone('with'), alone('without'));
  rmSync(out, { recursive: true });
  const detail = ({ a, b }: typeof app) =>
    `medians of ${RUNS}: ${a.toFixed(3)} s with, ${b.toFixed(3)} s without`;
  return [
    {
      name: 'cdk synth of an app with one server, against the app without the library',
      value: synth.a / synth.b,
      unit: 'x',
      limit: 1.1,
      detail: detail(synth),
    },
    {
      name: "the app's own process of it, without the CLI",
      value: app.a / app.b,
      unit: 'x',
      detail: detail(app),
    },
  ];
};
