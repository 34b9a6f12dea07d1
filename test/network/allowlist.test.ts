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

function publicInstance(stack: Stack, props: Partial<rds.DatabaseInstanceProps> = {}): PostgresServer {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  return PostgresServer.rdsInstance(rdsInstance(stack, { vpc, vpcSubnets, ...props }));
}

function datafold(
  stack: Stack,
  props: Pick<DatafoldPostgresProps, 'server' | 'registration'>,
): DatafoldPostgres {
  const networkAccess = DatafoldNetworkAccess.allowlist();
  return new DatafoldPostgres(stack, 'Datafold', {
    databases: [{ databaseName: 'app' }],
    networkAccess,
    ...props,
  });
}

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
    datafold(stack, { server: publicInstance(stack) });
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

  test('of servers with the same security group and port share the rules, since EC2 rejects duplicates', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
    const shared = new ec2.SecurityGroup(stack, 'Shared', { vpc });
    for (const [id, port] of [
      ['One', undefined],
      ['Two', 5432],
      ['Three', 5433],
    ] as const) {
      const instance = rdsInstance(stack, { vpc, vpcSubnets, port, securityGroups: [shared, shared] }, id);
      const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.1'];
      new DatafoldAllowlist(stack, `Allowlist${id}`, {
        server: PostgresServer.rdsInstance(instance),
        addresses,
      });
    }
    expect(datafoldRules(stack).map(({ CidrIp }) => CidrIp)).toEqual([
      '192.0.2.1/32', // on port 5432
      '192.0.2.2/32',
      '192.0.2.1/32', // on port 5433
      '192.0.2.2/32',
    ]);
  });

  test.each([
    [1, 10],
    [10, 10],
    [11, 20],
  ])(
    'with %i addresses has a prefix list of %i entries at most, whose size changes only together with its id: EC2 changes entries or size in a request',
    (count, MaxEntries) => {
      const stack = newStack();
      const addresses = Array.from({ length: count }, (_, i) => `192.0.2.${i + 1}`);
      allow(stack, publicInstance(stack), { prefixList: true, addresses });
      const [[id, { Properties }]] = Object.entries(
        Template.fromStack(stack).findResources('AWS::EC2::PrefixList'),
      ) as [string, { Properties: { MaxEntries: number; Entries: object[] } }][];
      expect(Properties.MaxEntries).toBe(MaxEntries);
      expect(Properties.Entries).toHaveLength(count);
      expect(id).toMatch(new RegExp(`^AllowlistAddresses${MaxEntries}`));
    },
  );

  test('does not use the addresses of app.datafold.com for another Datafold', () => {
    const stack = newStack();
    const apiKeySecret = new secretsmanager.Secret(stack, 'Key');
    const registration = { apiKeySecret, host: 'https://eu.datafold.com' };
    expect(() => datafold(stack, { server: publicInstance(stack), registration })).toThrow(
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

  test('is refused for a server whose subnets lead to no internet gateway, also if it is unknown whether it is publicly accessible', () => {
    const message = 'is in subnets without an internet gateway, so an allowlist does not let Datafold in.';
    const stack = newStack();
    const instance = rdsInstance(stack, { publiclyAccessible: true });
    expect(() => allow(stack, PostgresServer.rdsInstance(instance))).toThrow(message);
    const other = newStack();
    const cluster = auroraCluster(other, { vpc: new ec2.Vpc(other, 'Other'), vpcSubnets: undefined });
    expect(() => allow(other, PostgresServer.auroraCluster(cluster))).toThrow(message);
  });

  const importedInstance = (stack: Stack) => {
    const vpc = isolatedVpc(stack);
    const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
      instanceIdentifier: 'shop',
      instanceEndpointAddress: 'shop.abc.us-east-1.rds.amazonaws.com',
      port: 5432,
      securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })],
    });
    return PostgresServer.rdsInstance(instance, { vpc });
  };

  test('is checked at deployment, after its rules and with no right but to describe', () => {
    const stack = newStack();
    const { networkStatus } = allow(stack, importedInstance(stack), { addresses: ['192.0.2.1'] });
    const template = Template.fromStack(stack);
    const [[id, { Properties, DependsOn }]] = Object.entries(
      template.findResources('Custom::DatafoldAllowlist'),
    ) as [string, { Properties: object; DependsOn: string[] }][];
    expect(Properties).toMatchObject({
      rds: { kind: 'instance', identifier: 'shop' },
      port: '5432',
      addresses: ['192.0.2.1'],
    });
    expect(DependsOn).toContainEqual(expect.stringMatching(/^DatafoldAllowedAddresses/));
    expect(stack.resolve(networkStatus)).toEqual({ 'Fn::GetAtt': [id, 'Network'] });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'rds:DescribeDBInstances',
            Effect: 'Allow',
            Resource: {
              'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':db:shop$')])],
            },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups'],
            Effect: 'Allow',
            Resource: '*',
          },
        ],
      },
    });
  });

  test('checks the prefix list of its own', () => {
    const stack = newStack();
    allow(stack, importedInstance(stack), { prefixList: true });
    Template.fromStack(stack).hasResourceProperties('Custom::DatafoldAllowlist', {
      prefixListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AllowlistAddresses'), 'PrefixListId'] },
    });
  });

  test('of a server outside of RDS is not checked, and says so', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const securityGroups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
    const server = PostgresServer.endpoint({ host: 'db.example.com', vpc, securityGroups });
    const { networkStatus } = allow(stack, server);
    expect(networkStatus).toBe('declared: a path to a server outside of RDS is not checked');
    Template.fromStack(stack).resourceCountIs('Custom::DatafoldAllowlist', 0);
    Annotations.fromStack(stack).hasWarning(
      '/Test/Allowlist',
      Match.stringLikeRegexp('not known whether the server db.example.com'),
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
