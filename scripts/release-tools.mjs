// What builds and checks the packages is apart, in release/, since only a release needs it; installed when it is first used.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Returns the path of a command of release/. */
export function releaseTool(name) {
  const folder = `${root}release/node_modules/.bin`;
  if (!existsSync(folder))
    execFileSync('npm', ['ci', '--prefix', 'release', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: 'inherit',
    });
  return `${folder}/${name}`;
}
