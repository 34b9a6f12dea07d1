import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  /** Standard output and error, as they came. */
  readonly text: string;
  /** Standard output alone. */
  readonly stdout: string;
}

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** In milliseconds; five minutes if it is not given. */
  readonly timeout?: number;
}

/** Nothing that the suite runs takes this long, unless it waits for something that never comes. */
const TIMEOUT = 300_000;

/** Runs a program to its end. A failure is an outcome, not an exception. */
export async function shell(program: string, args: string[], options: ShellOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { timeout: TIMEOUT, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => [chunks, output].forEach((all) => all.push(chunk)));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(output).toString('utf8'),
        text: signal ? `${text}\nended by ${signal} after ${(options.timeout ?? TIMEOUT) / 1000} s` : text,
      });
    });
  });
}
