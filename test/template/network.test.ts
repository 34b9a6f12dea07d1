import { DATAFOLD_ADDRESSES } from '../../lib/private/datafold';
import { template } from '../../bin/template/template';
import { launch, type Launched, type LaunchTemplate } from './launch';

const made = template('cluster') as LaunchTemplate;
const ROLE = 'arn:aws:iam::222222222222:role/datafold';
const PARAMETERS = {
  ClusterIdentifier: 'orders',
  AdminSecretArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:admin-AbCdEf',
  DatabaseNames: 'app',
  VpcId: 'vpc-1',
  SubnetIds: 'subnet-1,subnet-2',
  SecurityGroupId: 'sg-1',
};
const launchWith = (parameters: Record<string, string> = {}) =>
  launch(made, { ...PARAMETERS, ...parameters });
const LINK = { NetworkAccess: 'private-link', AllowedPrincipals: ROLE };

const ofType = ({ resources }: Launched, type: string) =>
  Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
const keepAlive = (launched: Launched) =>
  ofType(launched, 'Custom::DatafoldDataSource').map(({ keepAliveSeconds }) => keepAliveSeconds);
/** The actions for the network that the provisioner is allowed. */
const allowed = (launched: Launched) =>
  ofType(launched, 'AWS::IAM::ManagedPolicy')
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: { Action: string }[] }).Statement)
    .flatMap(({ Action }) => Action)
    .filter((action) => /^(ec2|elasticloadbalancing):/.test(action))
    .sort();
const rulesFor = (launched: Launched, description: string) =>
  ofType(launched, 'AWS::EC2::SecurityGroupIngress')
    .filter(({ Description }) => Description === description)
    .map(({ GroupId, CidrIp, FromPort }) => ({ GroupId, CidrIp, FromPort }));

test('without a network path nothing of it is made or allowed', () => {
  const launched = launchWith();
  const ids = Object.keys(launched.resources).filter((id) =>
    /^(PrivateLink|Allowlist|DatafoldAllowedAddresses)/.test(id),
  );
  expect(ids).toEqual([]);
  expect(allowed(launched)).toEqual([]);
  expect(keepAlive(launched)).toEqual([undefined]);
  expect(Object.keys(launched.outputs).filter((id) => /Status|Request/.test(id))).toEqual([]);
});

test('PrivateLink has a load balancer in all subnets, for those who may connect', () => {
  const launched = launchWith({ ...LINK, AllowedPrincipals: `${ROLE},${ROLE}2` });
  expect(ofType(launched, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([
    expect.objectContaining({
      Scheme: 'internal',
      Subnets: ['subnet-1', 'subnet-2'],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
    }),
  ]);
  expect(ofType(launched, 'AWS::EC2::VPCEndpointServicePermissions')).toEqual([
    expect.objectContaining({ AllowedPrincipals: [ROLE, `${ROLE}2`] }),
  ]);
  expect(ofType(launched, 'AWS::EC2::VPCEndpointService')).toEqual([
    expect.objectContaining({ AcceptanceRequired: true }),
  ]);
  expect(ofType(launched, 'Custom::DatafoldPrivateLinkTargets')).toHaveLength(1);
  expect(ofType(launched, 'Custom::DatafoldAllowlist')).toEqual([]);
  expect(rulesFor(launched, 'Datafold')).toEqual([]);
  expect(allowed(launched)).toEqual([
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeVpcEndpointServiceConfigurations',
    'ec2:DescribeVpcs',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetHealth',
  ]);
  expect(keepAlive(launched)).toEqual(['240']);
  expect(launched.outputs.PrivateLinkStatus).toMatch(/^<PrivateLinkServiceConnections\w+>\.Network$/);
  expect(launched.outputs.PrivateLinkRequest).toMatch(
    /^Please connect to our PostgreSQL through AWS PrivateLink. Service name: <PrivateLinkServiceConnections/,
  );
});

test.each([
  ['10.20.0.0/16', 1],
  ['10.20.0.0/16,10.21.0.0/16,10.22.0.0/16,10.23.0.0/16', 4],
])('PrivateLink lets in the ranges %s alone', (ClientCidrs, count) => {
  const launched = launchWith({ ...LINK, ClientCidrs });
  const rules = rulesFor(launched, 'Datafold');
  expect(rules).toHaveLength(count);
  expect(rules.map(({ CidrIp }) => CidrIp)).toEqual(ClientCidrs.split(','));
  for (const { GroupId, FromPort } of rules) {
    expect(GroupId).toMatch(/^<PrivateLinkBalancerSecurityGroup\w+>\.GroupId$/);
    expect(FromPort).toBe('5432');
  }
  expect(ofType(launched, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([
    expect.objectContaining({ EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on' }),
  ]);
});

test('the allowlist lets in the addresses of app.datafold.com by default, and is checked after its rules', () => {
  const launched = launchWith({ NetworkAccess: 'allowlist' });
  expect(rulesFor(launched, 'Datafold')).toEqual(
    DATAFOLD_ADDRESSES.map((address) => ({ GroupId: 'sg-1', CidrIp: `${address}/32`, FromPort: '5432' })),
  );
  expect(ofType(launched, 'Custom::DatafoldAllowlist')).toEqual([
    expect.objectContaining({
      rds: { kind: 'cluster', identifier: 'orders' },
      addresses: DATAFOLD_ADDRESSES,
      rules: DATAFOLD_ADDRESSES.map(() => expect.stringMatching(/^<DatafoldAllowedAddresses\w+>/) as string),
    }),
  ]);
  expect(ofType(launched, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([]);
  expect(allowed(launched)).toEqual(['ec2:DescribeRouteTables', 'ec2:DescribeSecurityGroups']);
  expect(keepAlive(launched)).toEqual([undefined]);
  expect(launched.outputs.AllowlistStatus).toMatch(/^<AllowlistCheck\w+>\.Network$/);
});

test('the allowlist lets in other addresses', () => {
  const launched = launchWith({ NetworkAccess: 'allowlist', DatafoldAddresses: '192.0.2.1,192.0.2.2' });
  expect(rulesFor(launched, 'Datafold').map(({ CidrIp }) => CidrIp)).toEqual([
    '192.0.2.1/32',
    '192.0.2.2/32',
  ]);
});

test('ranges and addresses without their network path make no rule', () => {
  const unused = { ClientCidrs: '10.20.0.0/16', DatafoldAddresses: '192.0.2.1' };
  expect(rulesFor(launchWith(unused), 'Datafold')).toEqual([]);
});
