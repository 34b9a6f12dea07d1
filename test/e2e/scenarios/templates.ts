import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import assert from 'node:assert/strict';
import { AwsCli, hasAwsCli } from '../support/aws-cli';
import { sqlState } from '../support/database';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import type { World } from '../support/world';

const READ_PUBLIC = 'SELECT * FROM public.customers';
const READ_SALES = 'SELECT * FROM sales.orders';

/** What every template is told of a server. */
const parametersFor = (server: Record<string, string>) => ({
  AdminSecretArn: server.AdminSecret,
  VpcId: server.VpcId,
  SubnetIds: server.SubnetIds,
  SecurityGroupId: server.SecurityGroup,
});

const aurora: Scenario = {
  number: '8.1',
  title: 'the Aurora template, by the AWS CLI alone: launched, changed, removed',
  async run(world) {
    const cli = await cliOf(world);
    if (!cli) return;
    const before = await world.everything();
    const { server } = world;
    const parameters = {
      ...parametersFor(server),
      ClusterIdentifier: server.ClusterIdentifier,
      RebootPolicy: 'if-pending',
    };
    const template = 'datafold-aurora';

    const first = await cli.deploy('launched', template, { ...parameters, DatabaseNames: 'app' });
    assert.deepEqual(Object.keys(first).sort(), [
      'DataSourceSecretArn1',
      'Lineage',
      'LogGroup',
      'LogsAccessKeySecretArn',
      'NextStep',
    ]);
    await reads(world, first.DataSourceSecretArn1, { [READ_PUBLIC]: 'no error', [READ_SALES]: 'no error' });

    const wider = await cli.update('launched', template, {
      ...parameters,
      DatabaseNames: 'app,warehouse',
    });
    await reads(world, wider.DataSourceSecretArn2, { 'SELECT * FROM facts.daily': 'no error' });

    const narrower = await cli.update('launched', template, {
      ...parameters,
      DatabaseNames: 'app',
      Schemas: 'sales',
    });
    assert.equal(narrower.DataSourceSecretArn2, undefined);
    await reads(world, narrower.DataSourceSecretArn1, { [READ_PUBLIC]: '42501', [READ_SALES]: 'no error' });

    await cli.remove('launched');
    await removeLog(world, narrower.LogGroup);
    assert.deepEqual(await world.everything(), before, 'something is left after delete-stack');
  },
};

const instance: Scenario = {
  number: '8.2',
  title: 'the RDS template, with the access key of another stack',
  async run(world) {
    const cli = await cliOf(world);
    if (!cli) return;
    const server = (await world.cdk.deploy({ app: 'instance', stacks: ['Instance'] })).outputs;
    await seed(world, server);
    const before = await world.everything(server);

    const reader = await cli.create('first', 'datafold-aurora', {
      ...parametersFor(world.server),
      ClusterIdentifier: world.server.ClusterIdentifier,
      DatabaseNames: 'app',
      RoleName: 'datafold_first',
    });
    const outputs = await cli.create('second', 'datafold-rds', {
      ...parametersFor(server),
      InstanceIdentifier: server.InstanceIdentifier,
      DatabaseNames: 'app,warehouse',
      AccessKeySecretArn: reader.LogsAccessKeySecretArn,
    });
    assert.equal(outputs.LogsAccessKeySecretArn, undefined);
    await reads(world, outputs.DataSourceSecretArn1, { [READ_PUBLIC]: 'no error' });
    const keys = await Promise.all(
      [reader, outputs].map(async ({ DataSourceSecretArn1 }) => world.dataSource(DataSourceSecretArn1)),
    );
    assert.equal(keys[0].options.aws_access_key_id, keys[1].options.aws_access_key_id);

    await cli.remove('second');
    await cli.remove('first');
    assert.deepEqual(await world.everything(server), before, 'something is left after delete-stack');
    await world.cdk.destroy({ app: 'instance', stacks: ['Instance'] });
  },
};

/** RDS made it for the export, and keeps it with what it holds. */
async function removeLog(world: World, logGroupName: string): Promise<void> {
  await world.aws.logs.send(new DeleteLogGroupCommand({ logGroupName }));
}

/** Nothing where the machine has no AWS CLI: the templates are then linted and synthesized only. */
async function cliOf(world: World): Promise<AwsCli | undefined> {
  if (!(await hasAwsCli())) {
    console.log('        skipped: there is no AWS CLI on this machine');
    return undefined;
  }
  const cli = new AwsCli(world);
  await cli.prepare();
  return cli;
}

/** Logs in with a data source and compares what each statement comes to. */
async function reads(world: World, secretArn: string, expected: Record<string, string>): Promise<void> {
  const source = await world.dataSource(secretArn);
  await world.datafold(source, async (client) => {
    for (const [sql, state] of Object.entries(expected))
      assert.equal(await sqlState(client, sql), state, sql);
  });
}

export const templates: readonly Scenario[] = [aurora, instance];
