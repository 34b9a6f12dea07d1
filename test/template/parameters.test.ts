import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addParameters } from '../../bin/template/parameters';

interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: string[];
  readonly ConstraintDescription?: string;
  readonly Description: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

function parametersOf(kind: 'cluster' | 'instance') {
  const stack = new Stack();
  addParameters(stack, kind);
  const template = Template.fromStack(stack).toJSON() as {
    Parameters: Record<string, Parameter>;
    Metadata: Record<
      string,
      {
        ParameterGroups: { Parameters: string[] }[];
        ParameterLabels: Record<string, { default: string }>;
      }
    >;
  };
  const { BootstrapVersion: _, ...parameters } = template.Parameters;
  return { parameters, form: template.Metadata['AWS::CloudFormation::Interface'] };
}

const cluster = parametersOf('cluster');
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/';
const x = (n: number) => 'x'.repeat(n);
const list = (n: number) => Array.from({ length: n }, (_, i) => `db${i}`).join();

const RULES: Record<string, { good: string[]; bad: string[] }> = {
  ClusterIdentifier: {
    good: ['a', 'orders', 'orders-2', `a${'-b'.repeat(31)}`, x(63)],
    bad: ['', 'Orders', '1a', 'a--b', 'a-', '-a', 'a_b', 'a.b', x(64)],
  },
  AdminSecretArn: {
    good: [
      `${SECRET}orders-admin-AbCdEf`,
      'arn:aws:secretsmanager:us-east-1:111111111111:secret:rds!cluster-11111111-2222-3333-4444-555555555555-AbCdEf',
      'arn:aws-us-gov:secretsmanager:us-gov-west-1:111111111111:secret:a/b-AbCdEf',
      'arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:a-AbCdEf',
    ],
    bad: ['', 'orders-admin', `${SECRET}orders`, `${SECRET}-AbCdE`, `${SECRET}a b-AbCdEf`, `${KEY}1`],
  },
  AdminSecretKeyArn: {
    good: ['', `${KEY}11111111-2222-3333-4444-555555555555`, `${KEY}mrk-1234abcd`],
    bad: ['alias/aws/rds', `${KEY}`, 'arn:aws:kms:eu-west-1:111111111111:alias/mine', '1234'],
  },
  DatabaseNames: {
    good: ['app', 'app,dwh', 'My Database', 'größe', list(10), x(63), `${x(63)},${x(63)}`],
    bad: ['', ',', 'app,', ',app', 'app, dwh', 'app ,dwh', ' app', 'app ', 'a,,b', list(11), x(64)],
  },
  Schemas: {
    good: ['', 'public', 'public,sales', list(50), x(63)],
    bad: ['public, sales', ',', 'public,', x(64)],
  },
  RoleName: {
    good: ['datafold', 'Datafold_2', '_a', 'publican', 'rds_iam2', x(63)],
    bad: ['', 'pg_reader', 'public', 'none', 'rdsadmin', 'rds_superuser', '1a', 'a b', 'a"b', "a'b", x(64)],
  },
  TempSchema: {
    good: ['datafold_tmp', 'tmp-1', 'public2', x(63)],
    bad: ['', 'pg_temp', 'public', 'information_schema', 'a.b', x(64)],
  },
  AllowedPrincipals: {
    good: [
      '',
      'arn:aws:iam::222222222222:role/datafold',
      'arn:aws:iam::222222222222:root,arn:aws-us-gov:iam::222222222222:role/path/datafold',
    ],
    bad: [
      '*',
      'datafold',
      'arn:aws:iam::2:root',
      'arn:aws:iam::222222222222:root,',
      'arn:aws:iam::222222222222:role/',
    ],
  },
  ClientCidrs: {
    good: ['', '10.20.0.0/16', '10.20.0.0/16,10.21.0.0/16,192.0.2.0/24,192.0.2.1/32'],
    bad: [
      '10.20.0.0',
      '10.20.0.0/33',
      '10.20.0.0/16, 10.21.0.0/16',
      '1.0.0.0/8,2.0.0.0/8,3.0.0.0/8,4.0.0.0/8,5.0.0.0/8',
    ],
  },
  DatafoldAddresses: {
    good: ['192.0.2.1', '192.0.2.1,192.0.2.2', Array.from({ length: 10 }, (_, i) => `192.0.2.${i}`).join()],
    bad: [
      '',
      '192.0.2.0/24',
      '192.0.2',
      '192.0.2.1,',
      Array.from({ length: 11 }, (_, i) => `192.0.2.${i}`).join(),
    ],
  },
  AccessKeySecretArn: { good: ['', `${SECRET}key-AbCdEf`], bad: ['key', `${SECRET}key`] },
  AccessKeySecretKeyArn: {
    good: ['', `${KEY}1-2`],
    bad: ['alias/x', 'arn:aws:kms:eu-west-1:111111111111:alias/x'],
  },
  SecretsKeyArn: { good: ['', `${KEY}1-2`], bad: ['alias/x', 'arn:aws:kms:eu-west-1:111111111111:alias/x'] },
  MaintenanceDatabase: {
    good: ['postgres', 'my db', 'template1', x(63)],
    bad: ['', 'template0', 'rdsadmin', 'a,b', ' a', x(64)],
  },
  PermissionsBoundaryArn: {
    good: [
      '',
      'arn:aws:iam::111111111111:policy/boundary',
      'arn:aws-us-gov:iam::111111111111:policy/path/b+c',
      'arn:aws:iam::aws:policy/PowerUserAccess',
    ],
    bad: ['boundary', 'arn:aws:iam::111111111111:role/x', 'arn:aws:iam::1:policy/x'],
  },
  Revision: { good: ['', '2', '2026-11-23 14:00', x(64)], bad: ['a\nb', 'a"b', x(65)] },
};

const withPattern = Object.entries(cluster.parameters).filter(([, { AllowedPattern }]) => AllowedPattern);

test('every pattern is tested', () => {
  expect(withPattern.map(([name]) => name).sort()).toEqual(Object.keys(RULES).sort());
});

describe.each(withPattern)('%s', (name, { AllowedPattern, ConstraintDescription }) => {
  // CloudFormation matches a pattern against the whole value, as Java does.
  const matches = (value: string) => new RegExp(`^(?:${AllowedPattern})$`).test(value);
  const { good, bad } = RULES[name];
  test.each(good.map((value) => [value]))('takes %j', (value) => expect(matches(value)).toBe(true));
  test.each(bad.map((value) => [value]))('refuses %j', (value) => expect(matches(value)).toBe(false));
  test('says what is allowed', () => expect(ConstraintDescription).toMatch(/^must be /));
});

test('the identifier of an instance has the rules of that of a cluster', () => {
  const { ClusterIdentifier: one } = cluster.parameters;
  const { InstanceIdentifier: other } = parametersOf('instance').parameters;
  expect(other.AllowedPattern).toBe(one.AllowedPattern);
  expect(parametersOf('instance').parameters.ClusterIdentifier).toBeUndefined();
});

test.each(withPattern)('the default of %s, if there is one, is allowed', (_, { Default, AllowedPattern }) => {
  if (Default !== undefined) expect(String(Default)).toMatch(new RegExp(AllowedPattern!));
});

test('numbers and choices have limits, defaults and a text', () => {
  const { Port, RebootPolicy, SharedParameterGroup, NetworkAccess } = cluster.parameters;
  expect(Port).toMatchObject({ Type: 'Number', Default: 5432, MinValue: 1, MaxValue: 65535 });
  expect(RebootPolicy).toMatchObject({ Default: 'never', AllowedValues: ['never', 'if-pending'] });
  expect(SharedParameterGroup).toMatchObject({
    Default: 'refuse',
    AllowedValues: ['refuse', 'modify', 'copy'],
  });
  expect(NetworkAccess).toMatchObject({
    Default: 'none',
    AllowedValues: ['none', 'private-link', 'allowlist'],
  });
  for (const { ConstraintDescription } of [Port, RebootPolicy, SharedParameterGroup, NetworkAccess])
    expect(ConstraintDescription).toMatch(/^must be /);
});

test('the network is picked from what there is', () => {
  const { VpcId, SubnetIds, SecurityGroupId } = cluster.parameters;
  expect([VpcId.Type, SubnetIds.Type, SecurityGroupId.Type]).toEqual([
    'AWS::EC2::VPC::Id',
    'List<AWS::EC2::Subnet::Id>',
    'AWS::EC2::SecurityGroup::Id',
  ]);
});

test.each(['cluster', 'instance'] as const)(
  'every parameter of a %s has a label, a text and one group',
  (kind) => {
    const { parameters, form } = parametersOf(kind);
    const names = Object.keys(parameters).sort();
    expect(form.ParameterGroups.flatMap(({ Parameters }) => Parameters).sort()).toEqual(names);
    expect(Object.keys(form.ParameterLabels).sort()).toEqual(names);
    for (const { Description } of Object.values(parameters)) expect(Description).toMatch(/\w/);
  },
);
