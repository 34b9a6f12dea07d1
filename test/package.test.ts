import { execFileSync } from 'node:child_process';
import {
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

const root = join(__dirname, '..');
const app = mkdtempSync(join(tmpdir(), 'datafold-package-'));
const installed = join(app, 'node_modules/cdk-datafold-postgres');
const manifest = () =>
  JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>;

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
`;

beforeAll(() => {
  // Only jsii, whose output nobody else reads: other files are being tested with the bundles of the setup meanwhile.
  execFileSync('npx', ['jsii'], { cwd: root, stdio: 'pipe' });
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', app];
  const packed = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' });
  const tarball = /"filename": "([^"]+)"/.exec(packed)![1];
  writeFileSync(join(app, 'package.json'), '{ "name": "empty-app", "private": true }');
  const install = ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', `./${tarball}`];
  execFileSync('npm', install, { cwd: app, stdio: 'pipe' });
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer));
  }
}, 180_000);

afterAll(() => rmSync(app, { recursive: true, force: true }));

test('the packed library synthesizes in an empty app, without network and bundler', () => {
  writeFileSync(join(app, 'hermetic.js'), HERMETIC);
  writeFileSync(join(app, 'app.js'), APP);
  execFileSync(process.execPath, ['--require', './hermetic.js', 'app.js'], {
    cwd: app,
    stdio: 'pipe',
  });
  const assets = readdirSync(join(app, 'out')).filter((name) => name.startsWith('asset.'));
  expect(assets).toHaveLength(2);
});

test('the package needs nothing but its peers', () => {
  expect(manifest().dependencies).toBeUndefined();
  expect(Object.keys(manifest().peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

test('the package brings its jsii assembly, for the other languages', () => {
  expect(statSync(join(installed, '.jsii')).size).toBeGreaterThan(1000);
});

test.each(['provisioner', 'sql-runner'])('the code of the %s is at most 150 kB', (name) => {
  expect(statSync(join(installed, 'assets', name, 'index.js')).size).toBeLessThanOrEqual(150_000);
});
