import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fleetFile } from './support/fleet-file';

const root = join(__dirname, '..');
const app = mkdtempSync(join(tmpdir(), 'datafold-package-'));
const installed = join(app, 'node_modules/cdk-datafold-postgres');
const manifest = () =>
  JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>;

const versionOf = (name: string) =>
  (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;

/** Any use of the network or of another program ends the run. */
const HERMETIC = `
  const refuse = (what) => () => { throw new Error('synth must not use ' + what); };
  require('net').Socket.prototype.connect = refuse('the network');
  for (const f of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) require('child_process')[f] = refuse('child processes');
`;

const APP = `
  const { App, Stack, aws_ec2: ec2, aws_rds: rds } = require('aws-cdk-lib');
  const { DatafoldPostgres, PostgresServer } = require('cdk-datafold-postgres');
  const stack = new Stack(new App({ outdir: 'out' }), 'Empty');
  const cluster = new rds.DatabaseCluster(stack, 'Db', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    vpc: new ec2.Vpc(stack, 'Vpc'),
    writer: rds.ClusterInstance.serverlessV2('writer'),
  });
  new DatafoldPostgres(stack, 'Datafold', { server: PostgresServer.auroraCluster(cluster), databases: [{ databaseName: 'app' }] });
  stack.node.root.synth();
  console.log(Object.keys(require.cache).filter((file) => file.includes('/cdk-datafold-postgres/dist/')).join('\\n'));
`;

beforeAll(() => {
  // Only what nobody else reads: other files are being tested with the bundles of the setup meanwhile.
  execFileSync('npx', ['jsii', '--compress-assembly'], { cwd: root, stdio: 'pipe' });
  execFileSync('node', ['scripts/bundle.mjs', '--third-party', '--no-bundles'], { cwd: root, stdio: 'pipe' });
  execFileSync('npx', ['tsx', 'bin/template/write.ts'], { cwd: root, stdio: 'pipe' });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', app];
  const packed = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' });
  const tarball = /"filename": "([^"]+)"/.exec(packed)![1];
  writeFileSync(join(app, 'package.json'), '{ "name": "empty-app", "private": true }');
  const install = ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', `./${tarball}`];
  execFileSync('npm', install, { cwd: app, stdio: 'pipe' });
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer));
  }
}, 600_000);

afterAll(() => rmSync(app, { recursive: true, force: true }));

test('the packed library synthesizes in an empty app, without network and bundler, and loads at most 0.35 MB of code', () => {
  writeFileSync(join(app, 'hermetic.js'), HERMETIC);
  writeFileSync(join(app, 'app.js'), APP);
  const modules = execFileSync(process.execPath, ['--require', './hermetic.js', 'app.js'], {
    cwd: app,
    encoding: 'utf8',
  });
  const assets = readdirSync(join(app, 'out')).filter((name) => name.startsWith('asset.'));
  expect(assets).toHaveLength(2);
  const loaded = modules.trim().split('\n');
  expect(loaded.length).toBeGreaterThan(100);
  // Beside the code of the functions, which has 0.2 MB.
  expect(loaded.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(350_000);
});

describe('from the package alone', () => {
  const tool = (...args: string[]) => {
    const file = join(app, 'node_modules/.bin/cdk-datafold-postgres');
    return spawnSync(file, args, {
      cwd: app,
      encoding: 'utf8',
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
  };
  const FLEET = fleetFile({ accounts: 1, regions: 1, servers: 2 });
  const STACKS = [
    '100000000000-eu-west-1-cluster-server-0',
    '100000000000-eu-west-1-instance-server-0',
    '100000000000-eu-west-1-logs-user',
  ];
  const stacksIn = (folder: string) =>
    readdirSync(join(app, folder))
      .flatMap((name) => /^(.*)\.template\.json$/.exec(name)?.[1] ?? [])
      .sort();

  test.each([
    ['aurora', 'datafold-aurora'],
    ['instance', 'datafold-rds'],
  ])(
    'the tool prints the template for %s, the same as the repository writes, under 500 kB',
    (server, name) => {
      const { status, stdout } = tool('template', '--server', server);
      expect(status).toBe(0);
      expect(stdout).toBe(readFileSync(join(root, `dist/template/${name}.template.json`), 'utf8'));
      expect(Buffer.byteLength(stdout)).toBeLessThan(500_000);
    },
  );

  test('the tool is the app for a fleet file, as the CDK CLI runs it', () => {
    writeFileSync(join(app, 'fleet.json'), FLEET);
    expect(tool('fleet', 'fleet.json')).toMatchObject({
      status: 0,
      stdout: `The app is synthesized to cdk.out. Deploy it: npx cdk deploy --all --app cdk.out\n`,
      stderr: '',
    });
    expect(stacksIn('cdk.out')).toEqual(STACKS);
  });

  test('the tool lists the mistakes of a fleet file without a stack trace', () => {
    writeFileSync(join(app, 'mistaken.json'), '{ "accounts": {}, "acounts": {} }');
    expect(tool('fleet', 'mistaken.json')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: `mistaken.json can't be used:
  - line 1 (acounts): unknown key \`acounts\`: did you mean \`accounts\`?
  - line 1 (accounts): \`accounts\` must not be empty
`,
    });
  });

  test.each([
    [
      'require',
      'fleet.cjs',
      "const { Fleet } = require('cdk-datafold-postgres/fleet'); const { App } = require('aws-cdk-lib');",
    ],
    [
      'import',
      'fleet.mjs',
      "import { Fleet } from 'cdk-datafold-postgres/fleet'; import { App } from 'aws-cdk-lib';",
    ],
  ])('an app takes Fleet from the package by %s', (_, file, imports) => {
    writeFileSync(join(app, 'fleet.json'), FLEET);
    const code = `${imports}\nconst app = new App({ outdir: '${file}.out' });\nFleet.fromFile('fleet.json').addTo(app);\napp.synth();\n`;
    writeFileSync(join(app, file), code);
    execFileSync(process.execPath, [file], { cwd: app, stdio: 'pipe' });
    expect(stacksIn(`${file}.out`)).toEqual(STACKS);
  });

  test.each(['node16', 'node10', 'bundler'])(
    'TypeScript finds the types of both entry points: %s',
    (moduleResolution) => {
      const code = `import { App, Stage } from 'aws-cdk-lib';
import { Fleet } from 'cdk-datafold-postgres/fleet';
import { PostgresServer } from 'cdk-datafold-postgres';
const app = new App();
Fleet.fromText('{}', 'mine').addTo(new Stage(app, 'Fleet'));
export const server: PostgresServer = PostgresServer.endpoint({ host: 'h' });
// @ts-expect-error a file has a name
Fleet.fromFile(1);
`;
      writeFileSync(join(app, 'types.ts'), code);
      const module = { node16: 'node16', node10: 'commonjs', bundler: 'esnext' }[moduleResolution]!;
      const ignored = moduleResolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', module];
      const tsc = join(root, 'node_modules/.bin/tsc');
      const args = [
        ...options,
        '--moduleResolution',
        moduleResolution,
        ...ignored,
        '--typeRoots',
        'none',
        'types.ts',
      ];
      expect(spawnSync(tsc, args, { cwd: app, encoding: 'utf8' })).toMatchObject({ stdout: '', status: 0 });
    },
    180_000,
  );
});

test('the package needs nothing but its peers: the one dependency is inside', () => {
  expect(manifest()).toMatchObject({
    dependencies: { pg: expect.stringMatching(/^\^8\./) as string },
    bundleDependencies: ['pg'],
  });
  expect(Object.keys(manifest().peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

test('npm sees the version of pg of which the code is in the functions, and so does `npm audit`', () => {
  const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; inBundle?: boolean }>;
  };
  expect(lock.packages['node_modules/cdk-datafold-postgres/node_modules/pg']).toMatchObject({
    version: versionOf('pg'),
    inBundle: true,
  });
});

describe('what the bundles contain of others', () => {
  const notices = () => readFileSync(join(installed, 'THIRD-PARTY-LICENSES'), 'utf8');
  const components = () =>
    (
      JSON.parse(readFileSync(join(installed, 'sbom.cdx.json'), 'utf8')) as {
        components: { name: string; version: string; hashes: object[] }[];
      }
    ).components;

  test('comes with the texts of its licences', () => {
    expect(notices()).toContain(`pg ${versionOf('pg')} (MIT)\n`);
    expect(notices()).toContain('Copyright (c) 2010 - 2021 Brian Carlson');
    expect(notices()).toContain('Copyright (c) 2013-2016 Hannes Hörl');
    expect(notices()).toContain(`@aws-sdk/client-rds ${versionOf('@aws-sdk/client-rds')} (Apache-2.0)\n`);
  });

  test('is listed in a CycloneDX document, with version and checksum of each package', () => {
    const pg = components().find(({ name }) => name === 'pg');
    expect(pg).toMatchObject({
      version: versionOf('pg'),
      purl: `pkg:npm/pg@${versionOf('pg')}`,
      hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) as string }],
    });
    expect(components().filter(({ hashes }) => hashes.length === 0)).toEqual([]);
  });

  test('is the same in both', () => {
    const listed = components().map(({ name, version }) => `${name} ${version}`);
    const licensed = [...notices().matchAll(/^(\S+ \d+\.\d+\.\d+) \(\S+\)$/gm)].map(([, name]) => name);
    expect(licensed.sort()).toEqual(listed.sort());
  });
});

test('the package brings its jsii assembly, for the other languages', () => {
  const [redirect, assembly] = ['.jsii', '.jsii.gz'].map((name) => readFileSync(join(installed, name)));
  expect(JSON.parse(redirect!.toString())).toMatchObject({ compression: 'gzip', filename: '.jsii.gz' });
  expect(JSON.parse(gunzipSync(assembly!).toString())).toMatchObject({ name: 'cdk-datafold-postgres' });
});

/** The sizes of a folder in kB: packed as by npm, and unpacked. */
function sizesOf(folder: string) {
  const tar = execFileSync('tar', ['cf', '-', '.'], { cwd: folder, maxBuffer: 20_000_000 });
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const unpacked = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { packed: gzipSync(tar, { level: 9 }).length / 1000, unpacked: unpacked / 1000 };
}

test('the package has at most 1.25 MB packed, without the command at most 0.6 MB', () => {
  const { packed, unpacked } = sizesOf(installed);
  expect(packed).toBeLessThanOrEqual(1250);
  expect(unpacked).toBeLessThanOrEqual(3400);
  const library = join(app, 'without-command');
  cpSync(installed, library, { recursive: true });
  rmSync(join(library, 'dist/cli'), { recursive: true });
  const without = sizesOf(library);
  expect(without.packed).toBeLessThanOrEqual(600);
  expect(without.unpacked).toBeLessThanOrEqual(1650);
});

test.each([
  ['provisioner', 205, 72],
  ['sql-runner', 230, 77],
])('the code of the %s is at most %i kB, compressed %i kB', (name, most, mostCompressed) => {
  const code = readFileSync(join(installed, 'assets', `${name}.js.gz`));
  expect(code.length / 1000).toBeLessThanOrEqual(mostCompressed);
  expect(gunzipSync(code).length / 1000).toBeLessThanOrEqual(most);
});

test('the grammar of PostgreSQL beside the command is compressed: 1.7 MB as at most 260 kB', () => {
  expect(statSync(join(installed, 'dist/cli/libpg-query.wasm.br')).size).toBeLessThanOrEqual(260_000);
});
