// Writes API.md from the jsii assembly by jsii-docgen (`npm run build` first); with --check, fails if it is not current.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { releaseTool } from './release-tools.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}dist/api`;
const ASSEMBLY_FILES = ['package.json', '.jsii', '.jsii.gz'];

/** jsii-docgen takes any assembly that it finds below the folder, so there are only those of the lowest CDK in it. */
function copyAssemblies() {
  const { dependencyClosure } = JSON.parse(gunzipSync(readFileSync(`${root}.jsii.gz`)));
  const modules = Object.keys(dependencyClosure).map((name) => `node_modules/${name}`);
  rmSync(folder, { recursive: true, force: true });
  for (const module of ['.', ...modules]) {
    mkdirSync(`${folder}/${module}`, { recursive: true });
    for (const file of ASSEMBLY_FILES)
      if (existsSync(`${root}${module}/${file}`))
        copyFileSync(`${root}${module}/${file}`, `${folder}/${module}/${file}`);
  }
}

copyAssemblies();
execFileSync(releaseTool('jsii-docgen'), ['--output', 'API.md'], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const api = readFileSync(`${folder}/API.md`, 'utf8');
rmSync(folder, { recursive: true });
if (!process.argv.includes('--check')) writeFileSync(`${root}API.md`, api);
else if (readFileSync(`${root}API.md`, 'utf8') !== api) {
  console.error('API.md does not describe the constructs as they are: run `npm run build && npm run api`');
  process.exit(1);
}
