import { GetGroupCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import assert from 'node:assert/strict';
import { Aws } from '../support/aws';
import { Beside } from '../support/beside';
import { rows } from '../support/database';
import { inventory } from '../support/inventory';
import { SECOND_REGION } from '../support/lab';
import { assertLineage } from '../support/lineage';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import type { World } from '../support/world';

const SERVER_ROLES = "SELECT count(*)::int AS n FROM pg_roles WHERE rolname = 'datafold'";

const twoNetworks: Scenario = {
  number: '5.1',
  title: 'two clusters in two VPCs in one stack',
  run: async (world) => twoClusters(world, '2', 3),
};

const oneNetwork: Scenario = {
  number: '5.2',
  title: 'two clusters of the app in one network',
  run: async (world) => twoClusters(world, '1', 3),
};

const atTheSameTime: Scenario = {
  number: '5.3',
  title: 'two stacks at the same time on one cluster',
  async run(world) {
    const pair = ['a', 'b'].map((x) => {
      const beside = new Beside(world, `Beside${x.toUpperCase()}`);
      const props = { roleName: `datafold_${x}`, tempSchema: `datafold_tmp_${x}` };
      return { beside, variant: { props } };
    });
    const deployed = await Promise.all(pair.map(async ({ beside, variant }) => beside.deploy(variant)));
    for (const [source] of deployed) {
      await world.datafold(source, async (client) => client.query('SELECT * FROM sales.orders'));
    }
    const group = { GroupName: 'CloudWatchLogsReadOnly' };
    const { Group, Users = [] } = await world.aws.iam.send(new GetGroupCommand(group));
    assert.deepEqual([Group?.Path, Users.length], ['/datafold/', 2]);
    await Promise.all(pair.map(async ({ beside }) => beside.destroy()));
    await assert.rejects(world.aws.iam.send(new GetGroupCommand(group)), { name: 'NoSuchEntityException' });
  },
};

const twoRegions: Scenario = {
  number: '5.4',
  title: 'the same stack in two regions of one account, with a shared logs user',
  async run(parent) {
    // With network rules the emulator finds no server in another region (enforce.py looks for all in the function's own).
    const world = await parent.sibling('two-regions', { network: false });
    const there = new Aws(world.lab, SECOND_REGION);
    const first = { app: 'two-regions', stacks: ['East'] };
    const east = (await world.cdk.deploy(first)).outputs;
    const before = await inventory(there);
    const context = { accessKeySecret: east.AccessKeySecret };
    const second = { app: 'two-regions', stacks: ['West'], region: SECOND_REGION, context };
    const west = (await world.cdk.deploy(second)).outputs;
    const source = await world.dataSource(west.Connection, there);
    const key = (await world.dataSource(east.Connection)).options.aws_access_key_id;
    assert.equal(source.options.aws_access_key_id, key);
    assert.equal(source.options.aws_region, SECOND_REGION);
    await assertLineage(world, source);
    await world.cdk.destroy(second);
    assertSame(await inventory(there), before, 'something is left in the second region');
    await world.cdk.destroy(first);
    await world.lab.stop();
  },
};

export const several: readonly Scenario[] = [twoNetworks, oneNetwork, atTheSameTime, twoRegions];

/** Both servers get a role of their own; the stack has this many functions. */
async function twoClusters(world: World, networks: string, functions: number): Promise<void> {
  const operation = { app: 'two-clusters', stacks: ['TwoClusters'], context: { networks } };
  const { outputs } = await world.cdk.deploy(operation);
  const [first, second] = await Promise.all(
    [outputs.OfFirst, outputs.OfSecond].map(async (arn) => world.dataSource(arn)),
  );
  assert.notEqual(first.options.host, second.options.host);
  assert.notEqual(first.options.password, second.options.password);
  assert.equal(first.options.aws_access_key_id, second.options.aws_access_key_id);
  for (const source of [first, second]) {
    assert.deepEqual(await world.datafold(source, async (client) => rows(client, SERVER_ROLES)), [{ n: 1 }]);
    await assertLineage(world, source);
  }
  const made = (await world.aws.lambda.send(new ListFunctionsCommand({}))).Functions ?? [];
  assert.equal(made.length, functions);
  await world.cdk.destroy(operation);
}
