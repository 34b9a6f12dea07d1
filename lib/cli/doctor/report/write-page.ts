import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../command';
import { writeFiles } from '../../files';
import { MARKER } from './page/page';

/** Throws a UsageError if the file exists and is not a report: it is not overwritten. */
export function checkTarget(file: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return checkFolder(file);
    throw new UsageError(`--report ${file} can't be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  const start = Buffer.alloc(MARKER.length);
  try {
    readSync(descriptor, start);
  } catch (error) {
    throw new UsageError(`--report ${file} can't be written: ${(error as NodeJS.ErrnoException).code}`);
  } finally {
    closeSync(descriptor);
  }
  if (start.toString() !== MARKER)
    throw new UsageError(`${file} exists and is no report of this command: name another file by --report`);
}

function checkFolder(file: string): void {
  if (!existsSync(dirname(file)))
    throw new UsageError(`--report ${file} can't be written: the folder does not exist`);
}

/** Writes the page, all of it or nothing. */
export function writePage(file: string, page: string): void {
  writeFiles([{ path: file, text: page }], true);
}
