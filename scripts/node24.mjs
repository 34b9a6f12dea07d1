// Prints the path of a Node.js 24 binary, the runtime of the functions: LOCALAWS_NODE_24, else one that is installed from npm into
// test/node24 (Linux only).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/node24', import.meta.url));
const binary = `${folder}/node_modules/node-${process.platform}-${process.arch}/bin/node`;
const given = process.env.LOCALAWS_NODE_24;

if (!given && !existsSync(binary)) {
  // No lock file: it would have to contain the binaries of every platform, which not every registry has.
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
