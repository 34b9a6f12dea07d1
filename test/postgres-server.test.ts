import {
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  type Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatabaseAccess, PostgresServer } from '../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance, PEM } from './support/stacks';

const databases = [{ databaseName: 'app' }];
const access = (stack: Stack, server: PostgresServer) =>
  new DatabaseAccess(stack, 'Access', { server, databases });
const secret = (stack: Stack) => new secretsmanager.Secret(stack, 'Admin');
const group = (stack: Stack) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Sg', 'sg-0123456789abcdef0');

describe('a cluster of this app', () => {
  test('brings its host, port, log group, network and secret', () => {
    const stack = newStack();
    const cluster = auroraCluster(stack);
    const server = PostgresServer.auroraCluster(cluster);
    access(stack, server);
    expect(stack.resolve([server.host, server.port, server.logGroupName])).toEqual(
      stack.resolve([
        cluster.clusterEndpoint.hostname,
        cluster.clusterEndpoint.port,
        `/aws/rds/cluster/${cluster.clusterIdentifier}/postgresql`,
      ]),
    );
    Template.fromStack(stack).hasResourceProperties('Custom::DatafoldDatabaseAccess', {
      adminSecretArn: { Ref: Match.stringLikeRegexp('^ClusterSecretAttachment') },
    });
  });

  test('lets the function in, and the function out to it and nowhere else', () => {
    const stack = newStack();
    access(stack, PostgresServer.auroraCluster(auroraCluster(stack)));
    const template = Template.fromStack(stack);
    const runner = { 'Fn::GetAtt': [Match.stringLikeRegexp('^DatafoldSqlRunner'), 'GroupId'] };
    const cluster = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterSecurityGroup'), 'GroupId'] };
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: cluster,
      SourceSecurityGroupId: runner,
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: runner,
      DestinationSecurityGroupId: cluster,
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'The function that sets up the PostgreSQL role of Datafold',
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('that runs MySQL is refused', () => {
    const stack = newStack();
    const engine = rds.DatabaseClusterEngine.auroraMysql({
      version: rds.AuroraMysqlEngineVersion.VER_3_08_0,
    });
    expect(() => access(stack, PostgresServer.auroraCluster(auroraCluster(stack, { engine })))).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `cluster` of PostgresServer.auroraCluster must run aurora-postgresql, got: aurora-mysql',
    );
  });
});

describe('an imported cluster', () => {
  const imported = (stack: Stack, attributes: Partial<rds.DatabaseClusterAttributes> = {}) =>
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'Sales-DB',
      ...attributes,
    });

  test('takes from the options what it does not know', () => {
    const stack = newStack();
    const cluster = imported(stack, { clusterEndpointAddress: 'sales-db.example.com', port: 5433 });
    const server = PostgresServer.auroraCluster(cluster, {
      vpc: isolatedVpc(stack),
      securityGroups: [group(stack)],
      adminSecret: secret(stack),
    });
    access(stack, server);
    expect([server.host, server.port]).toEqual(['sales-db.example.com', 5433]);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 5433,
      ToPort: 5433,
    });
  });

  test('logs to a group named in lower case, as RDS stores identifiers', () => {
    expect(PostgresServer.auroraCluster(imported(newStack())).logGroupName).toBe(
      '/aws/rds/cluster/sales-db/postgresql',
    );
  });

  test('that lacks everything is told everything', () => {
    const stack = newStack();
    expect(() => access(stack, PostgresServer.auroraCluster(imported(stack, { port: 5432 })))).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `adminSecret` is missing: the cluster sales-db knows no secret of its administrator. Give it: PostgresServer.auroraCluster(cluster, { adminSecret })\n' +
        '  - `vpc` is missing: the cluster sales-db was imported and knows no VPC. Give it: PostgresServer.auroraCluster(cluster, { vpc })\n' +
        '  - `securityGroups` is missing: the cluster sales-db was imported without security groups, so no rule could let the function in. Give it: PostgresServer.auroraCluster(cluster, { securityGroups })',
    );
  });

  test('with security groups for the function gets no rule', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(
      imported(stack, { clusterEndpointAddress: 'h.example.com', port: 5432 }),
      {
        vpc: isolatedVpc(stack),
        functionSecurityGroups: [group(stack)],
        adminSecret: secret(stack),
      },
    );
    access(stack, server);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SecurityGroupIds: ['sg-0123456789abcdef0'] },
    });
  });
});

describe('an instance', () => {
  test('of this app brings its host, port, log group, network and secret', () => {
    const stack = newStack();
    const instance = rdsInstance(stack);
    const server = PostgresServer.rdsInstance(instance);
    access(stack, server);
    expect(stack.resolve([server.host, server.logGroupName])).toEqual(
      stack.resolve([
        instance.instanceEndpoint.hostname,
        `/aws/rds/instance/${instance.instanceIdentifier}/postgresql`,
      ]),
    );
  });
});

test('a read replica is refused: no role can be made in it', () => {
  const stack = newStack();
  const instance = rdsInstance(stack);
  const replica = new rds.DatabaseInstanceReadReplica(stack, 'Replica', {
    sourceDatabaseInstance: instance,
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    vpc: instance.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  });
  const server = PostgresServer.rdsInstance(replica, { adminSecret: secret(stack) });
  expect(() => access(stack, server)).toThrow(
    "Test/Access can't be set up:\n" +
      '  - the instance Test/Replica is a read replica. It takes no writes, so no role can be made there, and its log has no statements that lineage is derived from. Use its source; the replica gets role and grants from it',
  );
});

describe('an endpoint', () => {
  test('listens on 5432 and has no statement log', () => {
    const server = PostgresServer.endpoint({ host: 'db.example.com', adminSecret: secret(newStack()) });
    expect([server.host, server.port, server.logGroupName]).toEqual(['db.example.com', 5432, undefined]);
  });

  test('without a VPC is reached by a function outside of any', () => {
    const stack = newStack();
    access(stack, PostgresServer.endpoint({ host: 'db.example.com', adminSecret: secret(stack) }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
  });

  test('with the path of a file in place of certificates is told so', () => {
    const stack = newStack();
    const caCertificate = '/etc/ssl/ca.pem';
    const server = PostgresServer.endpoint({ host: 'db', adminSecret: secret(stack), caCertificate });
    expect(() => access(stack, server)).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `caCertificate` must be the certificates themselves, in PEM form (-----BEGIN CERTIFICATE-----), got: /etc/ssl/ca.pem',
    );
  });

  test('with the authorities of all regions, which no secret takes, is told to give those of one', () => {
    const stack = newStack();
    const caCertificate = `-----BEGIN CERTIFICATE-----\n${'x'.repeat(165_000)}`;
    const server = PostgresServer.endpoint({ host: 'db', adminSecret: secret(stack), caCertificate });
    expect(() => access(stack, server)).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `caCertificate` must have at most 60,000 characters, more do not fit into the secret of a data source, got 165,031: give the authorities of one region, not of all',
    );
  });

  test('in a VPC that was imported without subnets is told to give some', () => {
    const stack = newStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] });
    const server = PostgresServer.endpoint({ host: 'db', adminSecret: secret(stack), vpc });
    expect(() => access(stack, server)).toThrow(
      "Test/Access can't be set up:\n" +
        '  - `vpcSubnets` is missing: the VPC Test/Vpc was imported without subnets. Give it: PostgresServer.endpoint({ vpcSubnets }), or import the VPC with them',
    );
  });

  test('with bad values is told all of them', () => {
    const stack = newStack();
    const host = 'h'.repeat(129);
    const server = PostgresServer.endpoint({
      host,
      port: 0,
      disableTls: true,
      caCertificate: PEM,
      vpcSubnets: {},
    });
    expect(() => access(stack, server)).toThrow(
      "Test/Access can't be set up:\n" +
        `  - \`host\` must be at most 128 characters long (Datafold's limit), got 129: ${host}\n` +
        '  - `port` must be a port number between 1 and 65535, got: 0\n' +
        '  - `adminSecret` is missing. Give it: PostgresServer.endpoint({ adminSecret })\n' +
        '  - `vpc` is missing: subnets and security groups belong to one. Give it: PostgresServer.endpoint({ vpc })\n' +
        '  - `caCertificate` has no effect with `disableTls`: leave out one of the two',
    );
  });
});
