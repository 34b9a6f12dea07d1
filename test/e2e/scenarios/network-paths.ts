import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import { deployPath, destroyPath, makeAccessible, openGateway, tryPath } from '../support/network-path';
import type { PathVariant } from '../apps/network-path';
import { connectThroughBalancer, endOf, LATE_LOOK, writeThroughBalancer } from '../support/private-link';
import { assertSame } from '../support/same';
import type { Scenario } from '../support/scenario';
import { disableRule, taskOf } from '../support/scheduled-task';
import { seed } from '../support/seed';
import { untilLogged } from '../support/server-log';
import { failures } from '../support/stack-events';
import type { World } from '../support/world';

const LINK = 'private-link';
const INSTANCE = { kind: 'instance' };

const followedInstance: Scenario = {
  number: '13.2',
  title:
    'PrivateLink of an instance follows a failover by the schedule alone, and neither a forged task nor a failed update',
  provokes: LATE_LOOK,
  async run(world) {
    const { cdk, aws, lab } = world;
    const server = (await cdk.deploy({ app: LINK, stacks: ['LinkedServer'], context: INSTANCE })).outputs;
    await seed(world, server);
    await untilLogged(world, server);
    const before = await world.everything(server);
    const linked = { app: LINK, stacks: ['Linked'], context: INSTANCE };
    const { outputs } = await cdk.deploy(linked);
    const source = await world.dataSource(outputs.Connection);

    // EventBridge delivers the events of RDS on a best-effort basis: none arrives here.
    await disableRule(lab, 'Events');
    const { functionArn, input } = await taskOf(lab, 'Schedule');
    const session = await connectThroughBalancer(world, source);
    const cut = endOf(session);
    const { InstanceIdentifier: DBInstanceIdentifier } = server;
    await aws.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier, ForceFailover: true }));
    await cut;
    await aws.invoke(functionArn, input);
    await eventually(async () => writeThroughBalancer(world, source).catch(() => undefined));

    // Whoever may invoke the function can't point the load balancer elsewhere.
    const elsewhere = { host: world.server.Host, port: '5432', tls: 'verify-full' };
    const { properties } = input as { properties: object };
    await aws.invoke(functionArn, {
      ...input,
      properties: { ...properties, rds: undefined, server: elsewhere },
    });
    assert.match(lab.log, /No target is changed: the target group \S+ is of vpc-\w+ instance\//);
    await writeThroughBalancer(world, source);

    const failed = await cdk.tryDeploy({ ...linked, context: { ...INSTANCE, fails: 'true' } });
    assert.match(failures(failed.events).join('\n'), /database "missing"/);
    await writeThroughBalancer(world, source);

    await cdk.destroy(linked);
    assertSame(await world.everything(server), before, 'something is left after cdk destroy');
    await cdk.destroy({ app: LINK, stacks: ['LinkedServer'], context: INSTANCE });
  },
};

const unreachable: Scenario = {
  number: '13.3',
  title: 'PrivateLink: a server in another VPC, a wrong security group, and everything deleted by hand',
  async run(world) {
    const before = await world.everything();
    const failsWith = async (variant: Partial<PathVariant>, reason: RegExp) => {
      const failed = await tryPath(world, { path: LINK, ...variant });
      assert.notEqual(failed.code, 0);
      assert.match(failures(failed.events).join('\n'), reason);
      await destroyPath(world, { path: LINK });
      assert.deepEqual(await world.lab.balancers(), []);
    };
    const otherVpc = await makeVpc(world);
    await failsWith(
      { otherVpc: otherVpc.known },
      /is 10\.0\.\d+\.\d+ in the VPC vpc-\w+, whose ranges are 10\.77\.0\.0\/16: only an address of the VPC can be registered\./,
    );
    await otherVpc.remove();
    const stranger = await makeGroup(world);
    await failsWith(
      { otherGroup: stranger.id },
      /has no healthy target after 10 minutes, so Datafold can't reach the server\. The target \S+:5432 is unhealthy/,
    );
    await stranger.remove();
    assertSame(await world.everything(), before, 'something is left after a failed deployment');

    const { outputs } = await deployPath(world, { path: LINK });
    assert.equal(outputs.Network, 'pending: Datafold has not connected yet.');
    await deleteByHand(world);
    const failed = await tryPath(world, { path: LINK, revision: '2' });
    assert.match(
      failures(failed.events).join('\n'),
      /remove the construct (that creates it )?from the app and deploy, then add the construct again and deploy/,
    );
    await destroyPath(world, { path: LINK });
    assertSame(await world.everything(), before, 'something is left after cdk destroy');
  },
};

const allowlist: Scenario = {
  number: '13.4',
  title: 'an allowlist is refused until its addresses reach the server',
  async run(world) {
    const before = await world.everything();
    const variant = { path: 'allowlist' } as const;
    const failsWith = async (reason: RegExp, more: Partial<PathVariant> = {}) => {
      const failed = await tryPath(world, { ...variant, ...more });
      assert.notEqual(failed.code, 0);
      assert.match(failures(failed.events).join('\n'), reason);
      await destroyPath(world, variant);
    };
    await failsWith(/is not publicly accessible, so the addresses of Datafold do not reach it\./);
    await makeAccessible(world, true);
    await failsWith(/is in a subnet without a route to an internet gateway \(subnet-\w+\)/);
    const closeGateway = await openGateway(world);
    const stranger = await makeGroup(world);
    await failsWith(/do not let 192\.0\.2\.1 in on port 5432\./, { otherGroup: stranger.id });
    await stranger.remove();

    const { outputs } = await deployPath(world, variant);
    assert.equal(outputs.Network, 'ok');
    await destroyPath(world, variant);
    await closeGateway();
    await makeAccessible(world, false);
    assertSame(await world.everything(), before, 'something is left after cdk destroy');
  },
};

/** A VPC that the server is not in. */
async function makeVpc({ aws: { ec2 }, cloud }: World) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.77.0.0/16' }));
  const VpcId = Vpc!.VpcId!;
  const subnets: string[] = [];
  for (const [i, zone] of ['a', 'b'].entries()) {
    const place = { VpcId, CidrBlock: `10.77.${i}.0/24`, AvailabilityZone: `${cloud.region}${zone}` };
    subnets.push((await ec2.send(new CreateSubnetCommand(place))).Subnet!.SubnetId!);
  }
  return {
    known: { VpcId, SubnetIds: subnets.join() },
    async remove() {
      for (const SubnetId of subnets) await ec2.send(new DeleteSubnetCommand({ SubnetId }));
      await ec2.send(new DeleteVpcCommand({ VpcId }));
    },
  };
}

/** A security group in the VPC of the server, which the server does not have. */
async function makeGroup({ aws: { ec2 }, server: { VpcId } }: World) {
  const group = { VpcId, GroupName: 'stranger', Description: 'Not of the server' };
  const { GroupId: id = '' } = await ec2.send(new CreateSecurityGroupCommand(group));
  return { id, remove: async () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })) };
}

/** Deletes the endpoint service, the load balancer and the target group of the only PrivateLink. */
async function deleteByHand({ aws: { ec2 }, cloud }: World): Promise<void> {
  const { ServiceConfigurations = [] } = await ec2.send(
    new DescribeVpcEndpointServiceConfigurationsCommand({}),
  );
  const ServiceIds = ServiceConfigurations.map(({ ServiceId = '' }) => ServiceId);
  await ec2.send(new DeleteVpcEndpointServiceConfigurationsCommand({ ServiceIds }));
  const elb = new ElasticLoadBalancingV2Client(cloud.client(cloud.region));
  for (const { LoadBalancerArn } of (await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ??
    [])
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
  for (const { TargetGroupArn } of (await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [])
    await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
}

export const networkPaths: readonly Scenario[] = [followedInstance, unreachable, allowlist];
