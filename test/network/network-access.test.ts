import { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  type AllowlistOptions,
  DatafoldAllowlist,
  DatafoldNetworkAccess,
  DatafoldPostgres,
  type DatafoldPostgresProps,
  PostgresServer,
} from '../../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from '../support/stacks';

const databases = [{ databaseName: 'app' }];
const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];

function publicInstance(stack: Stack, props: Partial<rds.DatabaseInstanceProps> = {}): PostgresServer {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  return PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets, ...props }));
}

function datafold(stack: Stack, props: Partial<DatafoldPostgresProps>): DatafoldPostgres {
  const server = props.server ?? PostgresServer.auroraCluster(auroraCluster(stack));
  return new DatafoldPostgres(stack, 'Datafold', { server, databases, ...props });
}

const dataSourceIn = (stack: Stack) => {
  const [{ Properties }] = Object.values(
    Template.fromStack(stack).findResources('Custom::DatafoldDataSource'),
  );
  const { host, port, sslMode, keepAliveSeconds } = Properties as Record<string, unknown>;
  return { host, port, sslMode, keepAliveSeconds };
};

const HOST = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Address'] };
const PORT = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Port'] };

describe('PrivateLink', () => {
  test('leaves Datafold the host name of RDS, so that it can check the certificate, and keeps connections alive', () => {
    const stack = newStack();
    const made = datafold(stack, { networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }) });
    expect(made.privateLink).toBeDefined();
    expect(dataSourceIn(stack)).toEqual({
      host: HOST,
      port: PORT,
      sslMode: 'verify-full',
      keepAliveSeconds: '240',
    });
  });

  test('of another server leads to this one by a port of its own, which Datafold is told', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const first = datafold(stack, {
      server: PostgresServer.rdsInstance(rdsInstance(stack, { vpc })),
      networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
    });
    const second = new DatafoldPostgres(stack, 'Second', {
      server: PostgresServer.auroraCluster(auroraCluster(stack, { vpc })),
      databases,
      networkAccess: DatafoldNetworkAccess.sharedPrivateLink(first.privateLink!, { port: 5433 }),
    });
    expect(second.privateLink).toBe(first.privateLink);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::VPCEndpointService', 1);
    template.hasResourceProperties('Custom::DatafoldDataSource', { host: HOST, port: '5433' });
    template.hasResourceProperties('Custom::DatafoldDatabaseAccess', { server: { host: HOST, port: PORT } });
  });
});

describe('a path that exists', () => {
  test('has Datafold told another address than the functions use, and the name in the certificate not checked', () => {
    const stack = newStack();
    datafold(stack, { networkAccess: DatafoldNetworkAccess.existing({ host: '10.9.8.7', port: 6000 }) });
    expect(dataSourceIn(stack)).toEqual({
      host: '10.9.8.7',
      port: '6000',
      sslMode: 'verify-ca',
      keepAliveSeconds: undefined,
    });
    Template.fromStack(stack).hasResourceProperties('Custom::DatafoldDatabaseAccess', {
      server: { host: HOST, port: PORT },
    });
  });

  test('without another address changes nothing', () => {
    const stack = newStack();
    datafold(stack, { networkAccess: DatafoldNetworkAccess.existing() });
    expect(dataSourceIn(stack)).toEqual({
      host: HOST,
      port: PORT,
      sslMode: 'verify-full',
      keepAliveSeconds: undefined,
    });
  });

  test('with an impossible address is refused at synth', () => {
    const networkAccess = DatafoldNetworkAccess.existing({ host: 'a b', port: 0 });
    expect(() => datafold(newStack(), { networkAccess })).toThrow(
      /`networkAccess.host` must be a host name or an IP address, got: a b\n.*`networkAccess.port` must be a port number between 1 and 65535, got: 0/,
    );
  });
});

describe('an allowlist', () => {
  const allow = (stack: Stack, server: PostgresServer, options: AllowlistOptions = {}) =>
    new DatafoldAllowlist(stack, 'Allowlist', { server, ...options });
  const datafoldRules = (stack: Stack) =>
    Object.values(
      Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress', {
        Properties: { Description: 'Datafold' },
      }),
    ).map(({ Properties }) => Properties as Record<string, unknown>);

  test('lets in the six addresses of app.datafold.com on the port of the server', () => {
    const stack = newStack();
    datafold(stack, { server: publicInstance(stack), networkAccess: DatafoldNetworkAccess.allowlist() });
    const rules = datafoldRules(stack);
    expect(rules.map(({ CidrIp }) => CidrIp)).toEqual([
      '23.23.71.47/32',
      '35.166.223.86/32',
      '52.11.132.23/32',
      '54.71.177.163/32',
      '54.185.25.103/32',
      '54.210.34.216/32',
    ]);
    for (const { FromPort, ToPort } of rules) {
      expect(FromPort).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Instance/), 'Endpoint.Port'] });
      expect(ToPort).toEqual(FromPort);
    }
  });

  test('can be a prefix list', () => {
    const stack = newStack();
    allow(stack, publicInstance(stack), { prefixList: true, addresses: ['192.0.2.1'] });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::PrefixList', {
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '192.0.2.1/32', Description: 'Datafold' }],
    });
    expect(datafoldRules(stack)).toEqual([
      expect.objectContaining({ SourcePrefixListId: expect.anything() }),
    ]);
  });

  test('does not use the addresses of app.datafold.com for another Datafold', () => {
    const stack = newStack();
    const apiKeySecret = new secretsmanager.Secret(stack, 'Key');
    const registration = { apiKeySecret, host: 'https://eu.datafold.com' };
    const props = { server: publicInstance(stack), registration };
    expect(() => datafold(stack, { ...props, networkAccess: DatafoldNetworkAccess.allowlist() })).toThrow(
      '`addresses` is missing: those that are known are of app.datafold.com, not of eu.datafold.com. Ask the support of Datafold for them',
    );
  });

  test('is refused for a server that is not publicly accessible', () => {
    const stack = newStack();
    const server = publicInstance(stack, { publiclyAccessible: false });
    expect(() => allow(stack, server)).toThrow(
      'is not publicly accessible, so an allowlist does not let Datafold in. Use DatafoldNetworkAccess.privateLink, or make it accessible yourself',
    );
    const other = newStack();
    const cluster = auroraCluster(other, {
      writer: rds.ClusterInstance.serverlessV2('writer', { publiclyAccessible: false }),
    });
    expect(() => allow(other, PostgresServer.auroraCluster(cluster))).toThrow('is not publicly accessible');
  });

  test('is refused for a server whose subnets lead to no internet gateway', () => {
    const stack = newStack();
    const instance = rdsInstance(stack, { publiclyAccessible: true });
    expect(() => allow(stack, PostgresServer.rdsInstance(instance))).toThrow(
      'is in subnets without an internet gateway, so an allowlist does not let Datafold in.',
    );
  });

  test('says where it is not known whether the server is publicly accessible', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
      instanceIdentifier: 'shop',
      instanceEndpointAddress: 'shop.abc.us-east-1.rds.amazonaws.com',
      port: 5432,
      securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
    });
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    allow(stack, PostgresServer.rdsInstance(instance, { vpc, adminSecret }));
    Annotations.fromStack(stack).hasWarning(
      '/Test/Allowlist',
      Match.stringLikeRegexp('not known whether the instance shop'),
    );
  });

  test.each([
    [{ addresses: [] }, '`addresses` must not be empty'],
    [{ addresses: ['10.0.0.0/8'] }, '`addresses` must be IPv4 addresses, got: 10.0.0.0/8'],
  ])('with %j is refused', (options, message) => {
    const stack = newStack();
    expect(() => allow(stack, publicInstance(stack), options)).toThrow(message);
  });
});
