// Prints the path of a Node 24, the runtime that the functions declare; LOCALAWS_NODE_24 names another one. It comes from npm
// into test/node24, for Linux only.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/node24', import.meta.url));
const binary = `${folder}/node_modules/node-${process.platform}-${process.arch}/bin/node`;
const given = process.env.LOCALAWS_NODE_24;

if (!given && !existsSync(binary)) {
  // No lock file: not every registry has the binaries of every platform, and a lock file must name them all.
  const args = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
}
if (!given && !existsSync(binary)) {
  console.error(
    `There is no Node 24 for ${process.platform}-${process.arch} from npm: name one in LOCALAWS_NODE_24.`,
  );
  process.exit(1);
}
console.log(given || binary);
