import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './command';

/** Reads a file that an option names. */
export function readGiven(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option} ${path} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A file to write. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** A file that already exists and must not be overwritten. */
class FileExists extends Error {
  override readonly name = 'Error';

  constructor(path: string) {
    super(`${path} already exists, so nothing was written. Rename it to keep it; --force overwrites it.`);
  }
}

/**
 * Writes files whole or not at all: each is written under another name in its folder, and appears under its own when all are complete.
 *
 * An existing file is only overwritten with `overwrite`, also if it appears meanwhile.
 */
export function writeFiles(files: readonly NewFile[], overwrite: boolean): void {
  const existing = files.find(({ path }) => existsSync(path));
  if (existing && !overwrite) throw new FileExists(existing.path);
  const drafts = files.map(({ path }) => join(dirname(path), `.${basename(path)}.${process.pid}.draft`));
  try {
    files.forEach((file, i) => writeDraft(drafts[i], file));
    files.forEach(({ path }, i) => (overwrite ? renameSync(drafts[i], path) : linkNew(drafts[i], path)));
  } finally {
    for (const draft of drafts) rmSync(draft, { force: true });
  }
}

/** Writes a file under another name; an error names the file that was asked for. */
function writeDraft(draft: string, { path, text }: NewFile): void {
  try {
    writeFileSync(draft, text, { flag: 'wx', flush: true });
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/** Gives a file a second name; fails if there is a file of that name. */
function linkNew(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new FileExists(to);
    if (code !== 'EPERM' && code !== 'ENOTSUP') throw error;
    renameSync(from, to); // a file system without hard links
  }
}

/** The content of a file of the package, whose folder is two above this file's, in `lib` as in `dist`. */
export function readPackageBytes(path: string): Buffer {
  return readFileSync(join(__dirname, '../..', path));
}

/** The text of a file of the package. */
export function readPackageFile(path: string): string {
  return readPackageBytes(path).toString();
}

/** The version of the package. */
export function version(): string {
  return (JSON.parse(readPackageFile('package.json')) as { version: string }).version;
}
