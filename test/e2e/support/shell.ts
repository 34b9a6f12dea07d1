import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly text: string;
}

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end; standard output and error come as one text. A failure is an outcome, not an exception. */
export async function shell(program: string, args: string[], options: ShellOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, text: Buffer.concat(chunks).toString('utf8') }));
  });
}
