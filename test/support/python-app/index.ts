import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const recorder = join(__dirname, 'record.py');

/** CI always has Python; a machine without it skips what needs it. */
export const hasPython = Boolean(process.env.CI) || spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.log('There is no python3: the examples in Python are not tested.');

/** Runs a CDK app that is written in Python, and returns the same app in TypeScript. Its `App` is the constant v0. */
export function typescriptOf(file: string): string {
  const { status, stdout, stderr } = spawnSync('python3', [recorder, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} does not run: ${stderr}`);
  return stdout;
}
