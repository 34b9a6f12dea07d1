import { Checks } from '../../lib/cli/doctor/check';
import { checkNetwork } from '../../lib/cli/doctor/network';
import type { DoctorPorts, StackFacts } from '../../lib/cli/doctor/ports';
import type { ServerState } from '../../lib/handler/provisioner/aws/rds-ports';
import { publicInstance } from '../handler/provisioner/support/fake-networks';

type Resources = Readonly<Record<string, readonly [type: string, physicalId: string, definition?: object]>>;

function stackOf(resources: Resources): StackFacts {
  const entries = Object.entries(resources);
  return {
    name: 'Shop',
    status: 'UPDATE_COMPLETE',
    parameters: {},
    resources: entries.map(([logicalId, [type, physicalId]]) => ({ logicalId, physicalId, type })),
    template: { Resources: Object.fromEntries(entries.map(([id, [, , definition]]) => [id, definition])) },
  };
}

async function networkOf(resources: Resources, ports: Partial<DoctorPorts> = {}) {
  const checks = new Checks('Shop', () => undefined);
  await checkNetwork(checks, ports as DoctorPorts, stackOf(resources));
  return checks.all.map(({ status, message, next }) => ({ status, message, next }));
}

describe('with an endpoint service', () => {
  const SERVICE: Resources = { Service: ['AWS::EC2::VPCEndpointService', 'vpce-svc-1'] };
  const connection = (endpointId: string, state: string) => ({ endpointId, state, owner: '210987654321' });
  const connectedBy = async (...connections: ReturnType<typeof connection>[]) =>
    networkOf(SERVICE, { connectionsOf: async () => connections });

  test('the path exists if a connection is accepted', async () => {
    expect(
      await connectedBy(connection('vpce-1', 'pendingAcceptance'), connection('vpce-2', 'available')),
    ).toEqual([{ status: 'ok', message: 'vpce-2 is connected to vpce-svc-1.', next: undefined }]);
  });

  test('the path fails while nobody accepts the connection, and the command to accept it is shown', async () => {
    expect(await connectedBy(connection('vpce-1', 'PendingAcceptance'))).toEqual([
      {
        status: 'failed',
        message: 'vpce-1 of the account 210987654321 waits to be accepted by vpce-svc-1.',
        next: "If the account is Datafold's: cdk-datafold-postgres accept --stack Shop --endpoint vpce-1",
      },
    ]);
  });

  test('the path is pending while Datafold has not connected', async () => {
    expect(await connectedBy(connection('vpce-3', 'rejected'))).toEqual([
      {
        status: 'warning',
        message: 'Pending: Datafold has not connected yet.',
        next: "Send Datafold's support the output of the stack that names vpce-svc-1.",
      },
    ]);
  });
});

describe('with a load balancer', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/Shop-Target/1234567890abcdef';
  const TARGETS: Resources = {
    Group: ['AWS::ElasticLoadBalancingV2::TargetGroup', arn],
    Targets: [
      'Custom::DatafoldPrivateLinkTargets',
      'datafold-private-link-targets/x',
      { Properties: { targetGroupArn: { Ref: 'Group' } } },
    ],
    Access: [
      'Custom::DatafoldDatabaseAccess',
      'x',
      { Metadata: { 'cdk-datafold-postgres:network': 'private-link' } },
    ],
  };
  const healthOf = async (state: string) => {
    const asked: string[] = [];
    const targetsOf = async (group: string) => {
      asked.push(group);
      return [{ address: '10.0.0.5', port: 5432, state }];
    };
    const [first] = await networkOf(TARGETS, { targetsOf });
    expect(asked).toEqual([arn]);
    return first;
  };

  test('a healthy target is reported by the name of its target group', async () => {
    expect(await healthOf('healthy')).toEqual({
      status: 'ok',
      message: 'The target of Shop-Target is healthy.',
      next: undefined,
    });
  });

  test('an unhealthy target fails with its cause', async () => {
    expect(await healthOf('unhealthy')).toEqual({
      status: 'failed',
      message:
        'Shop-Target: The target 10.0.0.5:5432 is unhealthy. The load balancer opens no connection to port 5432: check that the server is available, that its security groups allow the security group of the load balancer on this port, and that network ACLs do not deny it.',
      next: 'Run the doctor again after that.',
    });
  });
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
    networkOf(ALLOWLIST, {
      findServer: async ({ kind, identifier }) =>
        ({
          port: 5433,
          members: [{ identifier: `${kind}-${identifier}`, isWriter: true, groupStatus: 'in-sync' }],
        }) as unknown as ServerState,
      networkOf: async (instance) => publicInstance(instance, network),
      routeTablesOf: async () => [
        { isMain: true, subnetIds: [], routes: [{ destination: '0.0.0.0/0', leadsToInternet: true }] },
      ],
      ingressOf: async () => [{ fromPort: 5433, toPort: 5433, ranges: ['192.0.2.1/32'], prefixListIds: [] }],
    });

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

describe('without a path in the stack', () => {
  const declared = async (kind?: string) =>
    networkOf({
      Access: [
        'Custom::DatafoldDatabaseAccess',
        'x',
        kind === undefined ? {} : { Metadata: { 'cdk-datafold-postgres:network': kind } },
      ],
    });
  const UNCHECKED = 'Test the data source in Datafold: the path cannot be checked from here.';

  test.each([
    ['existing', `Declared: the path exists and is not managed by the stack. ${UNCHECKED}`],
    ['allowlist', `Declared: the server is outside of RDS. ${UNCHECKED}`],
    ['private-link', 'The server uses the PrivateLink of another stack: run the doctor for that stack too.'],
  ])('that is declared as %s nothing fails', async (kind, message) => {
    expect(await declared(kind)).toEqual([{ status: 'ok', message, next: undefined }]);
  });

  test('that declares none there is a warning', async () => {
    expect(await declared()).toEqual([
      {
        status: 'warning',
        message: 'The stack declares no network path from Datafold to the server.',
        next: 'Give `networkAccess`; `DatafoldNetworkAccess.existing()` if the path exists.',
      },
    ]);
  });
});
