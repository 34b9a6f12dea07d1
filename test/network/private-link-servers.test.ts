import { aws_ec2 as ec2, aws_secretsmanager as secretsmanager, Duration, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPrivateLink, type DatafoldPrivateLinkProps, PostgresServer } from '../../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from '../support/stacks';

const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];
const clientCidrs = ['10.20.0.0/16'];

function link(stack: Stack, props: Partial<DatafoldPrivateLinkProps> = {}): DatafoldPrivateLink {
  const server = props.server ?? PostgresServer.auroraCluster(auroraCluster(stack));
  return new DatafoldPrivateLink(stack, 'Link', { server, allowedPrincipals, clientCidrs, ...props });
}

describe('several servers', () => {
  const twoServers = () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const first = PostgresServer.auroraCluster(auroraCluster(stack, { vpc }));
    const second = PostgresServer.rdsInstance(rdsInstance(stack, { vpc }));
    return { stack, vpc, second, made: link(stack, { server: first }) };
  };

  test('share a load balancer, with a listener and a target group each', () => {
    const { stack, made, second } = twoServers();
    made.addServer(second, { port: 5433 });
    expect(made.portOf(second)).toBe(5433);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    template.resourceCountIs('AWS::EC2::VPCEndpointService', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 2);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 5433 });
  });

  test('with the same security group and port share one pair of rules, since EC2 rejects duplicates', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const securityGroups = [new ec2.SecurityGroup(stack, 'Shared', { vpc })];
    const [first, second] = ['One', 'Two'].map((id) =>
      PostgresServer.auroraCluster(auroraCluster(stack, { vpc, securityGroups }, id)),
    );
    link(stack, { server: first }).addServer(second, { port: 5433 });
    const template = Template.fromStack(stack);
    const rule = (text: string) => ({ Properties: { Description: Match.stringLikeRegexp(text) } });
    const from = rule('^From the load balancer');
    expect(Object.keys(template.findResources('AWS::EC2::SecurityGroupIngress', from))).toHaveLength(1);
    const to = {
      Properties: { GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkBalancer'), 'GroupId'] } },
    };
    expect(Object.keys(template.findResources('AWS::EC2::SecurityGroupEgress', to))).toHaveLength(1);
  });

  test('need a port each', () => {
    const { made, second } = twoServers();
    expect(() => made.addServer(second)).toThrow(
      '`port` is missing: each server behind a load balancer has a port of its own, and 5432 may be taken. Give it: addServer(server, { port })',
    );
  });

  test('must be in one VPC', () => {
    const { stack, made } = twoServers();
    const elsewhere = PostgresServer.rdsInstance(rdsInstance(stack, {}, 'Elsewhere'));
    expect(() => made.addServer(elsewhere, { port: 5433 })).toThrow(
      '`server` must be in the VPC of the load balancer, Test/Vpc',
    );
  });
});

test('an alarm goes off for each server that no target is healthy of', () => {
  const stack = newStack();
  const made = link(stack);
  expect(made.addAlarms()).toHaveLength(1);
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/NetworkELB',
    MetricName: 'HealthyHostCount',
    Statistic: 'Maximum',
    Threshold: 1,
    EvaluationPeriods: 3,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    Dimensions: [
      { Name: 'LoadBalancer', Value: Match.anyValue() },
      { Name: 'TargetGroup', Value: Match.anyValue() },
    ],
  });
});

test.each([
  [
    { allowedPrincipals: [] },
    '`allowedPrincipals` must not be empty: nobody could connect. Datafold names its role',
  ],
  [
    { allowedPrincipals: ['123456789012'] },
    '`allowedPrincipals` must be ARNs of roles, users or accounts (arn:aws:iam::123456789012:root), got: 123456789012',
  ],
  [
    { allowedPrincipals: ['*'], acceptanceRequired: false },
    '`acceptanceRequired` must not be false where anybody may connect (`allowedPrincipals` has *)',
  ],
  [
    { clientCidrs: [] },
    '`clientCidrs` must not be empty: nobody could connect. Leave it out where the ranges are not known',
  ],
  [{ clientCidrs: ['10.20.0.0'] }, '`clientCidrs` must be IPv4 ranges such as 10.20.0.0/16, got: 10.20.0.0'],
  [
    { clientCidrs: ['300.20.0.0/16'] },
    '`clientCidrs` must be IPv4 ranges such as 10.20.0.0/16, got: 300.20.0.0/16',
  ],
  [{ healthCheckInterval: Duration.seconds(5) }, '`healthCheckInterval` must be 10 or 30 seconds, got: 5'],
])('%j is refused at synth', (props, message) => {
  expect(() => link(newStack(), props)).toThrow(message);
});

test('a server without a VPC is refused at synth', () => {
  const stack = newStack();
  const adminSecret = new secretsmanager.Secret(stack, 'Admin');
  const server = PostgresServer.endpoint({ host: 'db.example.com', adminSecret });
  expect(() => link(stack, { server })).toThrow(
    '`vpc` is missing: PrivateLink needs the VPC of the server db.example.com. Give it: PostgresServer.endpoint({ vpc })',
  );
});
