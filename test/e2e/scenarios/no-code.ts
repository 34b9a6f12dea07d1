import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT, REGION } from '../support/lab';
import { readableBy } from '../support/readable';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import { removeLog } from '../support/server-log';
import { Stacks } from '../support/stack-events';

const APP = 'no-code';
const SALES = ['sales.orders'];
const FACTS = ['facts.daily'];

const byContext: Scenario = {
  number: '8.3',
  title: 'the app behind cdk.json: one cluster by its identifiers',
  async run(world) {
    const { server } = world;
    const before = await world.everything();
    const context = {
      stack: 'context',
      cluster: server.ClusterIdentifier,
      databases: 'app,warehouse',
      vpc: server.VpcId,
      subnets: server.SubnetIds,
      securityGroup: server.SecurityGroup,
      adminSecret: server.AdminSecret,
    };
    const operation = { app: APP, stacks: ['datafold-context'], context };
    const { outputs } = await world.cdk.deploy(operation);
    assert.deepEqual(await readableBy(world, outputs.DataSource1, SALES), SALES);
    assert.deepEqual(await readableBy(world, outputs.DataSource2, FACTS), FACTS);
    await world.cdk.destroy(operation);
    await removeLog(world, outputs.LogGroup);
    assert.deepEqual(await world.everything(), before, 'something is left after cdk destroy');
  },
};

const fleet: Scenario = {
  number: '8.4',
  title: 'a fleet of a cluster and an instance from one file, with one logs user',
  async run(world) {
    const instance = (await world.cdk.deploy({ app: 'instance', stacks: ['Instance'] })).outputs;
    await seed(world, instance);
    const before = await world.everything(instance);
    const file = join(world.lab.dir, 'fleet.json');
    writeFileSync(file, JSON.stringify(fleetOf(world.server, instance), null, 2));
    const names = [
      'datafold-logs-user',
      `datafold-cluster-${world.server.ClusterIdentifier}`,
      `datafold-instance-${instance.InstanceIdentifier}`,
    ];
    const ids = names.map((name) => `${ACCOUNT}-${REGION}-${name.slice('datafold-'.length)}`);
    const operation = { app: APP, stacks: ids, context: { fleet: file } };
    await world.cdk.deploy(operation);

    const stacks = new Stacks(world.aws.cloudformation);
    const outputs = await Promise.all(names.slice(1).map(async (name) => (await stacks.find(name))?.outputs));
    const keys: string[] = [];
    for (const found of outputs) {
      assert.deepEqual(await readableBy(world, found!.DataSource1, SALES), SALES);
      keys.push((await world.dataSource(found!.DataSource1)).options.aws_access_key_id);
    }
    assert.equal(new Set(keys).size, 1, 'the servers have different access keys');

    await world.cdk.destroy(operation);
    for (const found of outputs) await removeLog(world, found!.LogGroup);
    assert.deepEqual(await world.everything(instance), before, 'something is left after cdk destroy');
    await world.cdk.destroy({ app: 'instance', stacks: ['Instance'] });
  },
};

function fleetOf(cluster: Record<string, string>, instance: Record<string, string>) {
  const entry = (server: Record<string, string>) => ({
    vpc: server.VpcId,
    subnets: server.SubnetIds.split(','),
    securityGroup: server.SecurityGroup,
    adminSecret: server.AdminSecret,
  });
  const servers = [
    { cluster: cluster.ClusterIdentifier, ...entry(cluster) },
    { instance: instance.InstanceIdentifier, ...entry(instance) },
  ];
  return {
    defaults: { databases: ['app'] },
    accounts: { [ACCOUNT]: { regions: { [REGION]: { servers } } } },
  };
}

export const noCode: readonly Scenario[] = [byContext, fleet];
