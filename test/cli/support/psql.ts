import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Postgres } from '../../support/postgres';
import { scriptOf } from './run';

function psqlVersion(): string | undefined {
  try {
    return execFileSync('psql', ['--version'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}

const psql = psqlVersion();
if (psql === undefined) console.warn('psql is not installed: its test is skipped');
/** A test that is skipped if psql is not installed. */
export const testWithPsql = psql === undefined ? test.skip : test;

/** Runs a script with psql. Answers to its prompts are read from standard input. */
export async function runScriptWithPsql(
  { host, port, admin }: Postgres,
  args: readonly string[],
  typed: readonly string[],
) {
  const folder = mkdtempSync(join(tmpdir(), 'datafold-psql-'));
  const file = join(folder, 'script.sql');
  writeFileSync(file, await scriptOf(args));
  const env = { PATH: process.env.PATH, PGPASSWORD: admin.password, PGSSLMODE: 'require' };
  const where = ['-X', '-h', host, '-p', String(port), '-U', admin.user, '-d', 'postgres', '-f', file];
  // A separate session has no terminal, so psql reads the password from standard input.
  const child = spawn('psql', where, { env, detached: true });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  child.stdin.end(typed.map((line) => `${line}\n`).join(''));
  const code = await new Promise((resolve) => child.on('close', resolve));
  rmSync(folder, { recursive: true });
  return { code, output };
}
