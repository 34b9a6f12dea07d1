import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/lab';
import { planOf, statusesOf } from '../support/plan';
import { readableBy } from '../support/readable';
import type { Scenario } from '../support/scenario';
import { removeLog } from '../support/server-log';
import { shell } from '../support/shell';
import type { World } from '../support/world';

const SALES = ['sales.orders'];

export const init: Scenario = {
  number: '8.5',
  title: 'the app that init writes for a cluster that it found: deployed as it is, but for the secret',
  async run(world) {
    const { server, cdk } = world;
    const before = await world.everything();
    const listed = await runInit(world);
    const row = new RegExp(
      `^cluster ${server.ClusterIdentifier} +Aurora PostgreSQL \\S+ +default\\.\\S+ +off +private +not found +yes$`,
      'm',
    );
    assert.match(listed, row);

    await assertPlan(world);
    assert.deepEqual(await world.everything(), before, 'init or plan changed something');

    const folder = appFolder(world);
    const name = ['--server', server.ClusterIdentifier, '--database', 'app'];
    const said = await runInit(world, ...name, '--typescript', '--out', folder);
    assert.match(
      said,
      /Fill in what is marked with TODO:\n {2}line \d+: \/\/ TODO: the complete ARN of the secret/,
    );
    const file = join(folder, `datafold-${server.ClusterIdentifier}.ts`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/'arn:[^']*secret:TODO-AAAAAA'/, `'${server.AdminSecret}'`));

    const stack = `datafold-cluster-${server.ClusterIdentifier}`;
    const command = `${join(REPOSITORY, 'node_modules/.bin/tsx')} ${file}`;
    const operation = { app: 'init', stacks: [stack], command };
    const { outputs } = await cdk.deploy(operation);
    assert.deepEqual(await readableBy(world, outputs.DataSource1, SALES), SALES);
    await cdk.destroy(operation);
    await removeLog(world, `/aws/rds/cluster/${server.ClusterIdentifier}/postgresql`);
    assert.deepEqual(await world.everything(), before, 'something is left after cdk destroy');
  },
};

/** The plan says what the deployment then does: another group after a reboot, the export, the role. */
async function assertPlan(world: World): Promise<void> {
  const plan = await planOf(world);
  const topics = ['parameter_group', 'reboot', 'log_export', 'log_group', 'iam_group', 'network', 'role'];
  assert.deepEqual(Object.fromEntries(topics.map((topic) => [topic, statusesOf(plan, topic)])), {
    parameter_group: ['change'],
    reboot: ['warning'],
    log_export: ['change'],
    log_group: ['change'],
    iam_group: ['change'],
    network: ['warning'],
    role: ['change', 'change'],
  });
  assert.deepEqual(plan.sql, { method: 'pasted', databases: ['app'] });
  const schemas = plan.findings.find(({ topic }) => topic === 'schemas')?.message;
  assert.equal(schemas, '4 relations in 3 schemas become readable: "archive", "public", "sales".');
}

/** Runs `init` of the package against the emulated account. */
async function runInit({ lab }: World, ...args: string[]): Promise<string> {
  const tool = join(REPOSITORY, 'dist/cli/index.js');
  const done = await shell(process.execPath, [tool, 'init', ...args], { env: lab.env });
  assert.equal(done.code, 0, done.text);
  return done.stdout;
}

/** A folder in which the packages are installed. */
function appFolder({ lab }: World): string {
  const folder = join(lab.dir, 'init');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(REPOSITORY, join(folder, 'node_modules/cdk-datafold-postgres'));
  return folder;
}
