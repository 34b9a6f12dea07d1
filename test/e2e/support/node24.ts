import { join } from 'node:path';
import { REPOSITORY } from './lab';
import { shell } from './shell';

/** The Node that the functions declare as their runtime; undefined where npm has none, and then the suite says so. */
export async function findNode24(): Promise<string | undefined> {
  const { code, stdout } = await shell(process.execPath, [join(REPOSITORY, 'scripts/node24.mjs')]);
  return code === 0 ? stdout.trim() : undefined;
}
