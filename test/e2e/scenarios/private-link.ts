import {
  AcceptVpcEndpointConnectionsCommand,
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointConnectionsCommand,
} from '@aws-sdk/client-ec2';
import { FailoverDBClusterCommand } from '@aws-sdk/client-rds';
import assert from 'node:assert/strict';
import { rows } from '../support/database';
import { eventually } from '../support/eventually';
import { connectThroughBalancer, endOf, LATE_LOOK, writeThroughBalancer } from '../support/private-link';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { seed } from '../support/seed';
import { untilLogged } from '../support/server-log';
import type { World } from '../support/world';

const APP = 'private-link';
/** In seconds: an event of RDS and one look of the function take less. */
const FAILOVER_WINDOW = 60;

export const followedCluster: Scenario = {
  number: '13.1',
  title: 'PrivateLink leads to the writer, follows a failover, and goes with its connections',
  provokes: LATE_LOOK,
  async run(world) {
    const server = (await world.cdk.deploy({ app: APP, stacks: ['LinkedServer'] })).outputs;
    await seed(world, server);
    await untilLogged(world, server);
    const before = await world.everything(server);

    const { outputs } = await world.cdk.deploy({ app: APP, stacks: ['Linked'] });
    assert.match(outputs.ServiceName, /^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-/);
    assert.match(outputs.Zones, /^use1-az\d, use1-az\d$/);
    const source = await world.dataSource(outputs.Connection);
    assert.equal(source.options.host, server.Host);

    const session = await connectThroughBalancer(world, source);
    assert.deepEqual(await rows(session, 'SELECT current_user AS who'), [{ who: 'datafold' }]);
    const cut = endOf(session);

    for (let failover = 1; failover <= 2; failover++) {
      const { ClusterIdentifier: DBClusterIdentifier } = server;
      await world.aws.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier }));
      await eventually(
        async () => writeThroughBalancer(world, source).catch(() => undefined),
        FAILOVER_WINDOW,
      );
    }
    await cut;

    const VpcEndpointIds = await connectEndpoints(world, server, outputs);
    await world.cdk.destroy({ app: APP, stacks: ['Linked'] });
    await world.aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds })); // those of Datafold's side
    assertSame(await world.everything(server), before, 'something is left after cdk destroy');
    await world.cdk.destroy({ app: APP, stacks: ['LinkedServer'] });
  },
};

/** One endpoint that is accepted, and one that still waits for it: neither may keep the service from being deleted. */
async function connectEndpoints(
  { aws }: World,
  server: Record<string, string>,
  { ServiceId, ServiceName }: Record<string, string>,
): Promise<string[]> {
  const SubnetIds = server.SubnetIds.split(',').slice(0, 1);
  for (let i = 0; i < 2; i++)
    await aws.ec2.send(
      new CreateVpcEndpointCommand({
        VpcEndpointType: 'Interface',
        ServiceName,
        VpcId: server.VpcId,
        SubnetIds,
      }),
    );
  const states = async () => {
    const Filters = [{ Name: 'service-id', Values: [ServiceId] }];
    const found = await aws.ec2.send(new DescribeVpcEndpointConnectionsCommand({ Filters }));
    return found.VpcEndpointConnections ?? [];
  };
  const pending = await states();
  assert.deepEqual(
    pending.map(({ VpcEndpointState }) => VpcEndpointState),
    ['pendingAcceptance', 'pendingAcceptance'],
  );
  const VpcEndpointIds = [pending[0].VpcEndpointId!];
  await aws.ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds }));
  assert.deepEqual((await states()).map(({ VpcEndpointState }) => VpcEndpointState).sort(), [
    'available',
    'pendingAcceptance',
  ]);
  return pending.map(({ VpcEndpointId = '' }) => VpcEndpointId);
}
