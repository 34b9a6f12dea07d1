import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the package, whose folder is two above this file's, in `lib` as in `dist`. */
export function version(): string {
  const file = join(__dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
