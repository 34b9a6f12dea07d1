import { networkOf, type Resources } from './support/network-of-stack';

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
        next: "If the account is Datafold's: npx cdk-datafold-postgres accept --stack Shop --endpoint vpce-1",
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

  test('a target group that the template does not show is a warning', async () => {
    const definition = { Properties: { targetGroupArn: { 'Fn::ImportValue': 'Group' } } };
    const [first] = await networkOf({
      Targets: ['Custom::DatafoldPrivateLinkTargets', 'datafold-private-link-targets/x', definition],
    });
    expect(first).toEqual({
      status: 'warning',
      message:
        'It is not known whether the target of the load balancer is healthy: the template of the stack does not show its target group.',
      next: 'Test the data source in Datafold.',
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
        next: 'Give `networkAccess`: `DatafoldNetworkAccess.existing()` (without code: existing) if the path exists. The template cannot declare a path that exists.',
      },
    ]);
  });
});
