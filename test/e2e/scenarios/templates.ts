import assert from 'node:assert/strict';
import { AwsCli, hasAwsCli } from '../support/aws-cli';
import { ACCOUNT } from '../support/lab';
import { readableBy } from '../support/readable';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import { removeLog } from '../support/server-log';
import { Skipped } from '../support/skipped';
import type { World } from '../support/world';

const PUBLIC = 'public.customers';
const SALES = 'sales.orders';

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
    const both = [PUBLIC, SALES];
    assert.deepEqual(await readableBy(world, first.DataSourceSecretArn1, both), both);

    // With PrivateLink, which the next update takes away again.
    const wider = await cli.update('launched', template, {
      ...parameters,
      DatabaseNames: 'app,warehouse',
      NetworkAccess: 'private-link',
      AllowedPrincipals: `arn:aws:iam::${ACCOUNT}:root`,
      ClientCidrs: '10.20.0.0/16',
    });
    assert.equal(wider.PrivateLinkStatus, 'pending: Datafold has not connected yet.');
    assert.match(wider.PrivateLinkRequest, /Service name: com\.amazonaws\.vpce\.us-east-1\.vpce-svc-/);
    const ofSecond = ['facts.daily'];
    assert.deepEqual(await readableBy(world, wider.DataSourceSecretArn2, ofSecond), ofSecond);

    const narrower = await cli.update('launched', template, {
      ...parameters,
      DatabaseNames: 'app',
      Schemas: 'sales',
    });
    assert.equal(narrower.DataSourceSecretArn2, undefined);
    assert.equal(narrower.PrivateLinkStatus, undefined);
    assert.deepEqual(await readableBy(world, narrower.DataSourceSecretArn1, both), [SALES]);

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
    const server = (await world.cdk.deploy({ app: 'instance', stacks: ['Instance'] })).outputs;
    await seed(world, server);
    const before = await world.everything(server);

    const logsUser = await cli.create('first', 'datafold-aurora', {
      ...parametersFor(world.server),
      ClusterIdentifier: world.server.ClusterIdentifier,
      DatabaseNames: 'app',
      RoleName: 'datafold_first',
    });
    const outputs = await cli.create('second', 'datafold-rds', {
      ...parametersFor(server),
      InstanceIdentifier: server.InstanceIdentifier,
      DatabaseNames: 'app,warehouse',
      AccessKeySecretArn: logsUser.LogsAccessKeySecretArn,
    });
    assert.equal(outputs.LogsAccessKeySecretArn, undefined);
    assert.deepEqual(await readableBy(world, outputs.DataSourceSecretArn1, [PUBLIC]), [PUBLIC]);
    const keys = await Promise.all(
      [logsUser, outputs].map(async ({ DataSourceSecretArn1 }) => world.dataSource(DataSourceSecretArn1)),
    );
    assert.equal(keys[0].options.aws_access_key_id, keys[1].options.aws_access_key_id);

    await cli.remove('second');
    await cli.remove('first');
    await removeLog(world, logsUser.LogGroup);
    assert.deepEqual(await world.everything(server), before, 'something is left after delete-stack');
    await world.cdk.destroy({ app: 'instance', stacks: ['Instance'] });
  },
};

/** Without an AWS CLI the templates are only linted and synthesized. */
async function cliOf(world: World): Promise<AwsCli> {
  if (!(await hasAwsCli())) throw new Skipped('there is no AWS CLI on this machine');
  const cli = new AwsCli(world);
  await cli.prepare();
  return cli;
}

export const templates: readonly Scenario[] = [aurora, instance];
