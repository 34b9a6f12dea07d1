import { App, aws_ec2 as ec2, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldNetworkAccess, DatafoldPostgres, PostgresServer } from '../../lib';
import { auroraCluster, newStack, rdsInstance } from '../support/stacks';

const databases = [{ databaseName: 'app' }];
const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];

/** The part of the task that names the network path, with `x` for each reference. */
function watched(stack: Stack): unknown {
  const rules = Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  const [, rule] = rules.find(([id]) => id.includes('Reconciliation'))!;
  const [{ Input }] = rule.Properties.Targets as [{ Input: { 'Fn::Join': [string, unknown[]] } }];
  const text = Input['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'x')).join('');
  return (JSON.parse(text) as { network?: unknown }).network;
}

const alarmsOf = ({ access }: DatafoldPostgres) =>
  access.reconciliation!.addAlarms().map(({ node }) => node.id);

function datafold(stack: Stack, networkAccess?: DatafoldNetworkAccess, server?: PostgresServer) {
  return new DatafoldPostgres(stack, 'Datafold', {
    server: server ?? PostgresServer.auroraCluster(auroraCluster(stack)),
    databases,
    networkAccess,
    reconcile: {},
  });
}

test('the endpoint service and the target group of the server are inspected, with an alarm', () => {
  const stack = newStack();
  const made = datafold(stack, DatafoldNetworkAccess.privateLink({ allowedPrincipals }));
  expect(alarmsOf(made)).toContain('NetworkFailedAlarm');
  expect(watched(stack)).toEqual({ kind: 'private-link', serviceId: 'x', targetGroupArn: 'x' });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'NetworkFailed',
    TreatMissingData: 'notBreaching',
    Dimensions: Match.arrayWith([Match.objectLike({ Name: 'Role', Value: 'datafold' })]),
  });
});

test('the allowlist of a server is inspected with the properties of its check, with an alarm', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  const server = PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets }));
  const allowlist = DatafoldNetworkAccess.allowlist({ addresses: ['192.0.2.1'], prefixList: true });
  const made = datafold(stack, allowlist, server);
  expect(watched(stack)).toEqual({
    kind: 'allowlist',
    allowlist: {
      rds: { kind: 'instance', identifier: 'x' },
      port: 'x',
      addresses: ['192.0.2.1'],
      prefixListId: 'x',
    },
  });
  expect(alarmsOf(made)).toContain('NetworkFailedAlarm');
});

test('a shared PrivateLink is inspected with the target group of this server', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  const first = new DatafoldPostgres(stack, 'First', {
    server: PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets })),
    databases,
    networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
  });
  const second = PostgresServer.auroraCluster(auroraCluster(stack, { vpc, vpcSubnets }));
  datafold(stack, DatafoldNetworkAccess.sharedPrivateLink(first.privateLink!, { port: 5433 }), second);
  const groups = Object.keys(
    Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::TargetGroup'),
  );
  const rules = Template.fromStack(stack).findResources('AWS::Events::Rule');
  const [, reconciliation] = Object.entries(rules).find(([id]) => id.includes('Reconciliation'))!;
  const [, ofSecond] = groups;
  expect(JSON.stringify(reconciliation)).toContain(`{"Ref":"${ofSecond}"}`);
});

test('the PrivateLink of another stack is not inspected: that stack may depend on this one', () => {
  const app = new App();
  const home = new Stack(app, 'Home');
  const stack = new Stack(app, 'Test');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  const first = new DatafoldPostgres(home, 'First', {
    server: PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets })),
    databases,
    networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
  });
  const second = PostgresServer.auroraCluster(auroraCluster(stack, { vpc, vpcSubnets }));
  datafold(stack, DatafoldNetworkAccess.sharedPrivateLink(first.privateLink!, { port: 5433 }), second);
  expect(watched(stack)).toBeUndefined();
});

test('a declared path is reported as such, without an alarm', () => {
  const stack = newStack();
  const made = datafold(stack, DatafoldNetworkAccess.existing());
  expect(watched(stack)).toEqual({ kind: 'declared' });
  expect(alarmsOf(made)).not.toContain('NetworkFailedAlarm');
});

test('without networkAccess there is no path to inspect, and no alarm', () => {
  const stack = newStack();
  const made = datafold(stack);
  expect(watched(stack)).toBeUndefined();
  expect(alarmsOf(made)).not.toContain('NetworkFailedAlarm');
});
