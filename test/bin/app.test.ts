import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleetFile } from '../support/fleet-file';

const ROOT = join(__dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'datafold-app-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs the app just as the CDK CLI does: the command of cdk.json, the context in the environment. */
function run(context: Record<string, string>) {
  const { app } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { app: string };
  const outdir = join(dir, String(readdirSync(dir).length));
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: outdir };
  return { ...spawnSync(app, { shell: true, cwd: ROOT, env, encoding: 'utf8' }), outdir };
}

const SERVER = {
  cluster: 'orders',
  databases: 'app',
  vpc: 'vpc-0123456789abcdef0',
  subnets: 'subnet-0123456789abcdef0',
  securityGroup: 'sg-0123456789abcdef0',
  adminSecret: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf',
};

test('synthesizes one server from the context', () => {
  const { status, outdir } = run(SERVER);
  expect(status).toBe(0);
  expect(readdirSync(outdir)).toContain('datafold-cluster-orders.template.json');
});

test('synthesizes a fleet from a file', () => {
  const file = join(dir, 'fleet.json');
  writeFileSync(file, fleetFile({ accounts: 1, regions: 2, servers: 1 }));
  const { status, outdir } = run({ fleet: file });
  expect(status).toBe(0);
  const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  expect(templates.sort()).toEqual([
    '100000000000-eu-central-1-cluster-server-0.template.json',
    '100000000000-eu-west-1-cluster-server-0.template.json',
    '100000000000-eu-west-1-logs-user.template.json',
  ]);
});

test('a mistake ends in its message, without a stack trace', () => {
  const { status, stderr } = run({ fleet: join(dir, 'nowhere.json') });
  expect(status).toBe(1);
  expect(stderr).toBe(
    `${join(dir, 'nowhere.json')} can't be read:\n  - ENOENT: no such file or directory, open '${join(dir, 'nowhere.json')}'\n`,
  );
});

test('what the CDK refuses at the end of synth ends in its message, too', () => {
  const databases = Array.from({ length: 250 }, (_, i) => `db${i}`).join();
  const { status, stderr } = run({ ...SERVER, databases });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Number of resources in stack 'datafold-cluster-orders': \d+ is greater than allowed maximum of 500: [^\n]+\n$/,
  );
});
