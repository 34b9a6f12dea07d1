import { createHash, randomInt } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freemem, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Binaries, RunAs } from './binaries';

/** The bootstrap superuser, named as on RDS. Its password guards nothing: the servers are throw-away. */
export const SUPERUSER = { user: 'rdsadmin', password: 'throw-away' };

/** Runs a program to its end; its output is part of the error. */
async function run(file: string, args: string[], as: RunAs): Promise<void> {
  const child = spawn(file, args, { ...as, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${output}`);
}

const MEMORY = '/dev/shm';
const ENOUGH = 4 * 1024 ** 3;

/** Where the data of servers lies: in memory if there is plenty, since each database is made of hundreds of small files. */
export function folderForData(): string {
  const folder = dataInMemory();
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (Math.min(bavail * bsize, freemem()) < ENOUGH) return tmpdir();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711); // PostgreSQL runs as another user
    return folder;
  } catch {
    return tmpdir(); // there is no such memory, or it is somebody else's
  }
}

/** The folder in memory that goes with the temporary folder of a run of the tests. */
export const dataInMemory = () => join(MEMORY, basename(tmpdir()));

/** A folder of its own for the user that the server runs as. */
export function privateFolder(prefix: string, as: RunAs, where = tmpdir()): string {
  const folder = mkdtempSync(join(where, prefix));
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid ?? as.uid);
  return folder;
}

/** Ports below those that the system gives to outgoing connections: one of these could be in use again at once. */
const PORTS = [10_000, 20_000] as const;

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const INITDB = ['-U', SUPERUSER.user, '-A', 'scram-sha-256', '-E', 'UTF8', '--no-locale', '--no-sync'];

/** An initialised data directory beside the binaries, made once: `initdb` takes longer than everything else. */
async function dataTemplate({ native, runAs }: Binaries): Promise<string> {
  const digest = createHash('sha256').update(INITDB.join(' ')).digest('hex').slice(0, 8);
  const template = join(native, '..', `data-${digest}`);
  if (existsSync(template)) return template;
  const draft = privateFolder('cdk-datafold-postgres-initdb-', runAs);
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, `${SUPERUSER.password}\n`, { mode: 0o644 });
  const data = join(draft, 'data');
  await run(join(native, 'bin/initdb'), ['-D', data, `--pwfile=${passwordFile}`, ...INITDB], runAs);
  try {
    renameSync(data, template);
  } catch {
    // another process was faster
  }
  rmSync(draft, { recursive: true, force: true });
  return template;
}

/** A copy of the initialised data directory in `folder`. */
export async function copyDataDirectory(binaries: Binaries, folder: string): Promise<string> {
  const data = join(folder, 'data');
  await run('cp', ['-R', await dataTemplate(binaries), data], binaries.runAs);
  await run('chmod', ['700', data], binaries.runAs);
  return data;
}

/** Ends with the server, and ends it when the pipe from here is closed, which happens however this process ends. */
const KEEPER = `exec 3<&0; "$@" 3<&- & server=$!
  { read -r _ <&3; kill -QUIT $server; } 2> /dev/null & watch=$!
  wait $server; code=$?; kill $watch 2> /dev/null; exit $code`;

/** A server process, by the shell that keeps it. */
export function launch({ native, runAs }: Binaries, data: string, port: number, log: string): ChildProcess {
  const output = openSync(log, 'a');
  const command = [join(native, 'bin/postgres'), '-D', data, '-p', String(port)];
  const child = spawn('/bin/sh', ['-c', KEEPER, 'sh', ...command], {
    ...runAs,
    cwd: '/',
    stdio: ['pipe', output, output],
    detached: true,
  });
  closeSync(output);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
