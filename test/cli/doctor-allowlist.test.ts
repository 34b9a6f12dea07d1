import { template } from '../../bin/template/template';
import { Checks } from '../../lib/cli/doctor/check';
import { checkNetwork } from '../../lib/cli/doctor/network';
import type { DoctorPorts, StackFacts } from '../../lib/cli/doctor/ports';
import type { ServerState } from '../../lib/handler/provisioner/aws/rds-ports';
import { publicInstance } from '../handler/provisioner/support/fake-networks';
import { networkOf, type Resources } from './support/network-of-stack';

const allowlistPorts = (
  network: Partial<ReturnType<typeof publicInstance>>,
  rule: { readonly ranges?: readonly string[]; readonly prefixListIds?: readonly string[] },
): Partial<DoctorPorts> => ({
  findServer: async ({ kind, identifier }) =>
    ({
      port: 5433,
      members: [{ identifier: `${kind}-${identifier}`, isWriter: true, groupStatus: 'in-sync' }],
    }) as unknown as ServerState,
  networkOf: async (instance) => publicInstance(instance, network),
  routeTablesOf: async () => [
    { isMain: true, subnetIds: [], routes: [{ destination: '0.0.0.0/0', leadsToInternet: true }] },
  ],
  ingressOf: async () => [{ fromPort: 5433, toPort: 5433, ranges: [], prefixListIds: [], ...rule }],
});

describe('with an allowlist', () => {
  const ALLOWLIST: Resources = {
    Allowlist: [
      'Custom::DatafoldAllowlist',
      'datafold-allowlist/instance/shop',
      {
        Properties: {
          rds: { kind: 'instance', identifier: { Ref: 'Database' } },
          port: { 'Fn::GetAtt': ['Database', 'Endpoint.Port'] },
          addresses: ['192.0.2.1'],
        },
      },
    ],
  };
  const inspected = async (network: Partial<ReturnType<typeof publicInstance>>) =>
    networkOf(ALLOWLIST, allowlistPorts(network, { ranges: ['192.0.2.1/32'] }));

  test('the path exists if the addresses reach the server; its port is that in RDS', async () => {
    expect(await inspected({})).toEqual([
      {
        status: 'ok',
        message:
          'The instance instance-shop is publicly accessible and lets the addresses of Datafold in on port 5433.',
        next: undefined,
      },
    ]);
  });

  test('the path fails if the server is no longer publicly accessible', async () => {
    expect(await inspected({ publiclyAccessible: false })).toEqual([
      expect.objectContaining({
        status: 'failed',
        message:
          'The instance instance-shop is not publicly accessible, so the addresses of Datafold do not reach it.',
      }),
    ]);
  });
});

describe('with an allowlist whose properties are expressions of the template', () => {
  const launched = (addresses: string): StackFacts => ({
    name: 'Shop',
    status: 'CREATE_COMPLETE',
    parameters: {
      ClusterIdentifier: 'shop',
      Port: '5433',
      NetworkAccess: 'allowlist',
      DatafoldAddresses: addresses,
    },
    resources: [
      {
        logicalId: Object.entries(launchTemplate.Resources).find(
          ([, { Type }]) => Type === 'Custom::DatafoldAllowlist',
        )![0],
        physicalId: 'datafold-allowlist/cluster/shop',
        type: 'Custom::DatafoldAllowlist',
      },
    ],
    template: launchTemplate,
  });
  const launchTemplate = template('cluster') as unknown as { Resources: Record<string, { Type: string }> };

  test('each address of the template for the console must be let in', async () => {
    const checks = new Checks('Shop', () => undefined);
    const ports = allowlistPorts({}, { ranges: ['192.0.2.1/32'] });
    await checkNetwork(checks, ports as DoctorPorts, launched('192.0.2.1'));
    await checkNetwork(checks, ports as DoctorPorts, launched('192.0.2.1,198.51.100.7,203.0.113.9'));
    expect(checks.all.map(({ status, message }) => `${status}: ${message}`)).toEqual([
      'ok: The instance cluster-shop is publicly accessible and lets the addresses of Datafold in on port 5433.',
      'failed: The security groups of the instance cluster-shop (sg-1) do not let 198.51.100.7, 203.0.113.9 in on port 5433.',
    ]);
  });

  const allowlist = (properties: object, physicalId = 'datafold-allowlist/cluster/shop'): Resources => ({
    Addresses: ['AWS::EC2::PrefixList', 'pl-1'],
    Allowlist: ['Custom::DatafoldAllowlist', physicalId, { Properties: { port: '5433', ...properties } }],
  });
  const known = { addresses: ['192.0.2.1'] };
  const prefixListId = { 'Fn::GetAtt': ['Addresses', 'PrefixListId'] };

  test('the prefix list of the stack lets its addresses in', async () => {
    const ports = allowlistPorts({}, { prefixListIds: ['pl-1'] });
    expect(await networkOf(allowlist({ ...known, prefixListId }), ports)).toEqual([
      {
        status: 'ok',
        message:
          'The instance cluster-shop is publicly accessible and lets the addresses of Datafold in on port 5433.',
        next: undefined,
      },
    ]);
  });

  test.each([
    ['an address', allowlist({ addresses: ['192.0.2.1', { 'Fn::ImportValue': 'Address' }] })],
    ['the list of addresses', allowlist({ addresses: { Ref: 'Unknown' } })],
    ['any property', allowlist({})],
    ['the prefix list', allowlist({ ...known, prefixListId: { 'Fn::ImportValue': 'List' } })],
  ])('nothing is said to be well if %s is not known', async (_, resources) => {
    expect(await networkOf(resources, allowlistPorts({}, { ranges: ['0.0.0.0/0'] }))).toEqual([
      {
        status: 'warning',
        message:
          'It is not known whether the addresses of Datafold reach the cluster shop: the template of the stack does not show the properties of datafold-allowlist/cluster/shop.',
        next: 'Test the data source in Datafold.',
      },
    ]);
  });

  test('nothing is said to be well if the server is not known', async () => {
    const [{ status, message }] = await networkOf(allowlist(known, 'Shop-Allowlist-1ABC'));
    expect({ status, message }).toEqual({
      status: 'warning',
      message:
        'It is not known whether the addresses of Datafold reach the server: the template of the stack does not show the properties of Shop-Allowlist-1ABC.',
    });
  });
});
