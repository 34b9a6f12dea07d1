import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
} from '@aws-sdk/client-rds';
import assert from 'node:assert/strict';
import { sdkPorts } from '../../../lib/handler/provisioner/aws';
import { ANY_EVENT } from '../../../lib/handler/provisioner/pins';
import { systemClock } from '../../../lib/handler/provisioner/runtime/deadline';
import { parseTask, runTask } from '../../../lib/handler/provisioner/tasks';
import type { PathVariant } from '../apps/network-path';
import { eventually } from '../support/eventually';
import { LATE_LOOK } from '../support/private-link';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { disableRule, taskOf } from '../support/scheduled-task';
import type { World } from '../support/world';

/** `SOAK=1` does more: they take a second each. */
const FAILOVERS = process.env.SOAK === '1' ? 100 : 20;

export const failovers: Scenario = {
  number: '13.5',
  title: `PrivateLink leads to the writer after each of ${FAILOVERS} failovers, within one run of the function`,
  provokes: LATE_LOOK,
  async run(world) {
    const { cdk, lab } = world;
    const ofServer = { app: 'private-link', stacks: ['LinkedServer'] };
    const server = (await cdk.deploy(ofServer)).outputs;
    const before = await world.everything(server);
    const variant: PathVariant = { path: 'private-link', server };
    const path = { app: 'network-path', stacks: ['Path'], context: { variant: JSON.stringify(variant) } };
    await cdk.deploy(path);
    await disableRule(lab, 'Events'); // only the runs below change the targets
    const { input } = await taskOf(lab, 'Schedule');

    let failedOver = 0;
    await asFunction(world, async (run) => {
      for (; failedOver < FAILOVERS; failedOver++) {
        const writer = await failOver(world, server);
        await run(input);
        const expected = (await lab.addresses())[writer];
        assert.equal(expected?.length, 1);
        assert.deepEqual(await targetsOf(world), expected, `after ${failedOver + 1} failovers`);
      }
    });
    assert.equal(failedOver, FAILOVERS);

    await cdk.destroy(path);
    assertSame(await world.everything(server), before, 'something is left after cdk destroy');
    await cdk.destroy(ofServer);
  },
};

/** Runs tasks with the code of the provisioner in this process: a process for each run would take minutes more. */
async function asFunction(
  { lab }: World,
  use: (run: (task: object) => Promise<void>) => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = lab.env;
  Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION });
  const names = { addressesOf: async (host: string) => (await lab.addresses())[host] ?? [] };
  const aws = { ...sdkPorts(), names };
  const invocation = { invokedFunctionArn: 'arn:none', getRemainingTimeInMillis: () => 15 * 60_000 };
  const run = async (task: object) => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    await runTask(parseTask(task)!, invocation, { aws, clock: systemClock, write, pins: ANY_EVENT });
    assert.ok(!lines.some((line) => line.includes('the task failed')), lines.join('\n'));
  };
  try {
    await use(run);
  } finally {
    process.env = before;
  }
}

/** Fails over, and returns the host name of the new writer. */
async function failOver({ aws: { rds } }: World, server: Record<string, string>): Promise<string> {
  const { ClusterIdentifier: DBClusterIdentifier } = server;
  const writer = async () => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
    const members = DBClusters?.[0].DBClusterMembers ?? [];
    return members.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  };
  const previous = await writer();
  await eventually(
    async () =>
      rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier })).then(
        () => true,
        () => undefined, // the instances of the previous failover still restart
      ),
    30,
  );
  const next = await eventually(async () => {
    const found = await writer();
    return found === previous ? undefined : found;
  }, 30);
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: next }));
  return DBInstances?.[0].Endpoint?.Address ?? '';
}

/** The addresses that connections get to. */
async function targetsOf({ cloud }: World): Promise<string[]> {
  const elb = new ElasticLoadBalancingV2Client(cloud.client(cloud.region));
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  assert.equal(TargetGroups.length, 1);
  const { TargetGroupArn } = TargetGroups[0];
  const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return (health.TargetHealthDescriptions ?? [])
    .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining')
    .map(({ Target }) => Target?.Id ?? '');
}
