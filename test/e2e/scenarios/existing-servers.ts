import { DescribeDBClustersCommand, ResetDBClusterParameterGroupCommand } from '@aws-sdk/client-rds';
import assert from 'node:assert/strict';
import type { Variant } from '../apps/parts/variant';
import { Beside } from '../support/beside';
import { rows } from '../support/database';
import { becomes } from '../support/eventually';
import { assertLineage } from '../support/lineage';
import { assertRefused } from '../support/refused';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { runScheduledTask } from '../support/scheduled-task';
import { Stacks } from '../support/stack-events';
import type { DataSource, World } from '../support/world';

/** Between two looks at RDS the library waits long. */
const LOGGING: Partial<Variant> = { statementLogging: true, hurry: true };
const WITH_REBOOT: Partial<Variant> = { ...LOGGING, reboot: true };

const defaultGroup: Scenario = {
  number: '2.1',
  title: 'an existing cluster of a writer and two readers with a default group',
  account: 'own server',
  run: async (world) =>
    withServer(world, 'readers', async (server, beside) => {
      const props = { verification: { outputs: true } };
      await beside.deploy({ ...LOGGING, props });
      assert.match(await lineageStep(world), /^pending: app: log_statement is none: .* after a reboot of /);
      const [source] = await beside.deploy({ ...WITH_REBOOT, props });
      assert.equal(await lineageStep(world), 'ok', 'the reboot has the role verified again');
      await assertLineage(world, source);
      const { DBClusterIdentifier, members } = await describe(world, server);
      assert.equal(DBClusterIdentifier, server.ClusterIdentifier);
      assert.deepEqual(members, ['in-sync', 'in-sync', 'in-sync'], 'every instance runs with the new group');
    }),
};

const customGroup: Scenario = {
  number: '2.2',
  title: 'an existing cluster with a group of its own, in which somebody switches the log off later',
  run: async (world) =>
    withServer(world, 'custom', async (server, beside) => {
      const started = await startTime(world, server);
      const [source] = await beside.deploy({ ...LOGGING, props: { reconcile: { repair: true } } });
      await assertLineage(world, source);

      const { DBClusterParameterGroup: DBClusterParameterGroupName } = await describe(world, server);
      const off = { ParameterName: 'log_statement', ApplyMethod: 'immediate' } as const;
      await world.aws.rds.send(
        new ResetDBClusterParameterGroupCommand({ DBClusterParameterGroupName, Parameters: [off] }),
      );
      await becomes(async () => logStatement(world, source), 'none');
      await runScheduledTask(world);
      await assertLineage(world, source);
      assert.deepEqual(await startTime(world, server), started, 'nothing is rebooted');
    }),
};

const sharedGroup: Scenario = {
  number: '2.3',
  title: 'an existing cluster that shares its group',
  run: async (world) =>
    withServer(world, 'shared', async (server, beside) => {
      const before = await world.everything(server);
      assertRefused(await beside.tryDeploy(LOGGING), /neighbour/);
      await beside.tryDestroy();
      assertSame(await world.everything(server), before, 'the refusal leaves something');
      const [source] = await beside.deploy({ ...WITH_REBOOT, sharedParameterGroup: 'copy' });
      await assertLineage(world, source);
    }),
};

const instance: Scenario = {
  number: '2.4',
  title: 'an existing RDS instance',
  run: async (world) =>
    withServer(world, 'instance', async (_server, beside) => {
      const [source] = await beside.deploy(LOGGING);
      assert.equal(source.type, 'postgres_aws_rds');
      await assertLineage(world, source);
    }),
};

export const existingServers: readonly Scenario[] = [defaultGroup, customGroup, sharedGroup, instance];

/** Makes the server in a stack of its own; after the use the library's stack is destroyed and the server as before. */
async function withServer(
  world: World,
  kind: string,
  use: (server: Record<string, string>, beside: Beside) => Promise<void>,
): Promise<void> {
  const existing = { app: 'existing-servers', stacks: ['Existing'], context: { kind } };
  const server = (await world.cdk.deploy(existing)).outputs;
  const before = await world.everything(server);
  const beside = new Beside(world, 'Beside', server);
  await use(server, beside);
  await beside.destroy();
  const after = await world.everything(server);
  const notTheLog = (line: string) => !line.startsWith('log group /aws/rds/'); // what was logged stays
  assertSame(after.filter(notTheLog), before, 'the server is not as it was');
  await world.cdk.destroy(existing);
}

async function describe({ aws }: World, { ClusterIdentifier: DBClusterIdentifier }: Record<string, string>) {
  const { DBClusters = [] } = await aws.rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const members = DBClusters[0].DBClusterMembers!.map((member) => member.DBClusterParameterGroupStatus);
  return { ...DBClusters[0], members };
}

/** What the stack says of the last step of the verification. */
async function lineageStep({ aws, cloud }: World): Promise<string> {
  const outputs = (await new Stacks(aws.cloudformation).find(`${cloud.prefix}Beside`))?.outputs ?? {};
  const [, value] = Object.entries(outputs).find(([name]) => name.includes('LineageDownloadStep')) ?? [];
  return value ?? 'no output';
}

/** The value in effect for Datafold's role. */
async function logStatement(world: World, source: DataSource): Promise<unknown> {
  const [row] = await world.datafold(source, async (client) => rows(client, 'SHOW log_statement'));
  return row.log_statement;
}

async function startTime(world: World, server: Record<string, string>) {
  return world.admin(server, 'app', async (client) => rows(client, 'SELECT pg_postmaster_start_time()'));
}
