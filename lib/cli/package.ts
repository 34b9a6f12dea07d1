import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a file of the package, whose folder is two above this file's, in `lib` as in `dist`. */
export function readPackageFile(path: string): string {
  return readFileSync(join(__dirname, '../..', path), 'utf8');
}

/** The version of the package. */
export function version(): string {
  return (JSON.parse(readPackageFile('package.json')) as { version: string }).version;
}
