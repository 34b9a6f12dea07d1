import { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPrivateLink, type DatafoldPrivateLinkProps, PostgresServer } from '../../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from '../support/stacks';

const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];
const clientCidrs = ['10.20.0.0/16'];

function link(stack: Stack, props: Partial<DatafoldPrivateLinkProps> = {}): DatafoldPrivateLink {
  const server = props.server ?? PostgresServer.auroraCluster(auroraCluster(stack));
  return new DatafoldPrivateLink(stack, 'Link', { server, allowedPrincipals, clientCidrs, ...props });
}

function linked(props: Partial<DatafoldPrivateLinkProps> = {}): Template {
  const stack = newStack();
  link(stack, props);
  return Template.fromStack(stack);
}

const reference = (id: string) => ({ Ref: Match.stringLikeRegexp(id) });

describe('the load balancer', () => {
  test('is internal, balances across zones and has a security group', () => {
    linked().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network',
      Scheme: 'internal',
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]),
      SecurityGroups: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkBalancerSecurityGroup'), 'GroupId'] }],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on',
    });
  });

  test('is in the subnets of the subnet group of the server, whatever others there are', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'other', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        { name: 'data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const vpcSubnets = { subnetGroupName: 'data' };
    link(stack, { server: PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets })) });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: [reference('dataSubnet1'), reference('dataSubnet2')],
    });
  });

  test('is in one subnet of each zone where several are given', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'one', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        { name: 'two', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    link(stack, {
      server: PostgresServer.auroraCluster(auroraCluster(stack, { vpc })),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: [reference('oneSubnet1'), reference('oneSubnet2')],
    });
  });

  test('lets in the ranges of Datafold on the port of the server, and leads to the server alone', () => {
    const template = linked();
    const port = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Port'] };
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      CidrIp: '10.20.0.0/16',
      FromPort: port,
      ToPort: port,
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      Description: 'From the load balancer by which Datafold connects',
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterSecurityGroup'), 'GroupId'] },
      SourceSecurityGroupId: {
        'Fn::GetAtt': [Match.stringLikeRegexp('^LinkBalancerSecurityGroup'), 'GroupId'],
      },
      FromPort: port,
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkBalancerSecurityGroup'), 'GroupId'] },
      DestinationSecurityGroupId: {
        'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterSecurityGroup'), 'GroupId'],
      },
      FromPort: port,
    });
  });

  test('does not check the address of clients that are not known, and says so', () => {
    const stack = newStack();
    link(stack, { clientCidrs: undefined });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    });
    Annotations.fromStack(stack).hasWarning(
      '/Test/Link',
      'The ranges that Datafold connects from are not known, so the security group of the load balancer is not checked for PrivateLink: give `clientCidrs` when Datafold names them [ack: cdk-datafold-postgres:privateLinkAnyClient]',
    );
  });

  test('has the security groups of the function where the user manages the rules', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const cluster = auroraCluster(stack, { vpc });
    const functionSecurityGroups = [new ec2.SecurityGroup(stack, 'Mine', { vpc })];
    link(stack, { server: PostgresServer.auroraCluster(cluster, { functionSecurityGroups }) });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      SecurityGroups: [
        { 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkBalancerSecurityGroup'), 'GroupId'] },
        { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'GroupId'] },
      ],
    });
  });
});

describe('the target group', () => {
  test('has no targets in the template, and cuts connections to a target that is taken out at once', () => {
    linked().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'ip',
      Protocol: 'TCP',
      Targets: Match.absent(),
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      TargetGroupAttributes: Match.arrayWith([
        { Key: 'deregistration_delay.timeout_seconds', Value: '0' },
        { Key: 'preserve_client_ip.enabled', Value: 'false' },
        { Key: 'deregistration_delay.connection_termination.enabled', Value: 'true' },
      ]),
    });
  });

  test('gets its first target after the instances, the listener and the rules', () => {
    const [{ DependsOn }] = Object.values(linked().findResources('Custom::DatafoldPrivateLinkTargets')) as {
      DependsOn: string[];
    }[];
    for (const part of [/^Clusterwriter/, /^LinkBalancerLoadBalancerServer/, /^LinkBalancerTo\w+Ingress/])
      expect(DependsOn).toContainEqual(expect.stringMatching(part));
  });

  test('of a server that RDS does not know is checked only every minute', () => {
    const stack = newStack();
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const vpc = isolatedVpc(stack);
    link(stack, { server: PostgresServer.endpoint({ host: 'db.example.com', vpc, adminSecret }) });
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 1);
  });
});

describe('the endpoint service', () => {
  test('lets the allowed principals ask, and a person accept', () => {
    const template = linked();
    template.hasResourceProperties('AWS::EC2::VPCEndpointService', { AcceptanceRequired: true });
    template.hasResourceProperties('AWS::EC2::VPCEndpointServicePermissions', {
      AllowedPrincipals: allowedPrincipals,
    });
  });

  test('loses its principals before its connections are rejected, and both before it is deleted', () => {
    const template = linked();
    template.hasResource('AWS::EC2::VPCEndpointServicePermissions', {
      DependsOn: [Match.stringLikeRegexp('^LinkServiceConnections')],
    });
    template.hasResourceProperties('Custom::DatafoldEndpointService', {
      serviceId: reference('^LinkService'),
    });
  });

  test('has the regions that are asked for and its own', () => {
    linked({ supportedRegions: ['us-west-2'], acceptanceRequired: false }).hasResourceProperties(
      'AWS::EC2::VPCEndpointService',
      { SupportedRegions: [{ Ref: 'AWS::Region' }, 'us-west-2'], AcceptanceRequired: false },
    );
  });
});

test('the provisioner may change the targets of this group alone, and reject connections of this service alone', () => {
  const template = linked();
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) =>
      Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
  );
  const resourcesOf = (action: string) =>
    policies.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource);
  expect(resourcesOf('elasticloadbalancing:RegisterTargets')).toEqual([
    { Ref: expect.stringMatching(/^LinkServerTargetGroup/) },
  ]);
  expect(JSON.stringify(resourcesOf('ec2:RejectVpcEndpointConnections'))).toMatch(
    /:vpc-endpoint-service\/",\{"Ref":"LinkService/,
  );
});

test('what Datafold has to know is an output', () => {
  linked().hasOutput('*', {
    Description: 'For the support of Datafold',
    Value: {
      'Fn::Join': [
        '',
        [
          'Please connect to our PostgreSQL through AWS PrivateLink. Service name: ',
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkServiceConnections'), 'ServiceName'] },
          '. Availability zone IDs: ',
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^LinkServiceConnections'), 'AvailabilityZoneIds'] },
          '. Hosts: ',
          { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Address'] },
          ' port ',
          { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Port'] },
          '. Please resolve the host names to your endpoint.',
        ],
      ],
    },
  });
});

test('a cluster that was imported without a host is named as the deployment finds it', () => {
  const stack = newStack();
  const vpc = isolatedVpc(stack);
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
    clusterIdentifier: 'shop',
  });
  const adminSecret = new secretsmanager.Secret(stack, 'Admin');
  const securityGroups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
  link(stack, { server: PostgresServer.auroraCluster(cluster, { vpc, adminSecret, securityGroups }) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::DatafoldPrivateLinkTargets', {
    server: { lookup: { kind: 'cluster', identifier: 'shop' }, port: '5432' },
    rds: { kind: 'cluster', identifier: 'shop' },
  });
  expect(JSON.stringify(template.findOutputs('*'))).toMatch(/LinkServerWriterTargets\w+","Host"/);
});

test('a target group is tagged with the VPC, the server and its port, which an event can not change', () => {
  const port = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Port'] };
  linked().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Tags: [
      {
        Key: 'cdk-datafold-postgres:server',
        Value: {
          'Fn::Join': ['', [reference('ClusterVpc'), ' cluster/', { Ref: 'ClusterEB0386A7' }, ':', port]],
        },
      },
    ],
  });
});

test('certificates that do not fit into the input of a rule are an error at synth', () => {
  const stack = newStack();
  const caCertificate = `-----BEGIN CERTIFICATE-----\n${'x'.repeat(8_000)}`;
  link(stack, { server: PostgresServer.auroraCluster(auroraCluster(stack), { caCertificate }) });
  expect(() => Template.fromStack(stack)).toThrow(
    /\[Test\/Link\/Server\/Writer\/Schedule\] The input of the rule has at least 8,\d{3} characters, EventBridge takes 8,192: shorten `caCertificate` to the one authority that is needed/,
  );
});
