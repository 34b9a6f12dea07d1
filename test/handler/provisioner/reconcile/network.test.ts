import type { NetworkPathProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, setUpAccess } from '../support/access';
import { publicInstance } from '../support/fake-networks';
import { TestEnvironment } from '../support/test-environment';
import { findingsIn, reconcileTask } from '../support/reconcile';

const TARGET_GROUP =
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/datafold/1234567890abcdef';
const PRIVATE_LINK: NetworkPathProperties = {
  kind: 'private-link',
  serviceId: 'vpce-svc-1',
  targetGroupArn: TARGET_GROUP,
};
const INSTANCE = { kind: 'instance', identifier: 'shop' } as const;
const ALLOWLIST: NetworkPathProperties = {
  kind: 'allowlist',
  allowlist: { rds: INSTANCE, port: '5432', addresses: ['192.0.2.1'] },
};
const task = (network?: NetworkPathProperties) => reconcileTask({ network });

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  await setUpAccess(environment).resource.create(PROPERTIES);
  environment.rds.describe(INSTANCE, {
    members: [{ identifier: 'shop', isWriter: true, groupStatus: 'in-sync' }],
  });
  environment.rds.networks.set('shop', publicInstance('shop'));
  environment.privateLink.targets = [{ address: '10.0.1.1', port: 5432, state: 'healthy' }];
  environment.faults.calls.length = 0;
});
afterEach(async () => environment.stop());

const findings = () => findingsIn(environment);
const status = () => environment.log.find(({ message }) => message === 'reconciled')?.networkStatus;
const metrics = () => environment.log.find((line) => '_aws' in line)!;
const networkCalls = () =>
  environment.faults.calls.filter((call) => /^(ec2|elasticloadbalancing):/.test(call));
const connect = (state: string) =>
  (environment.privateLink.connections = [{ endpointId: 'vpce-1', state, owner: '210987654321' }]);

test('without a declared path nothing is asked, and there is no metric that could pass for a working path', async () => {
  await environment.tasks(task());
  expect([findings(), status(), networkCalls()]).toEqual([[], undefined, []]);
  expect(metrics()).not.toHaveProperty('NetworkFailed');
  expect(metrics()).toHaveProperty('VerificationFailed', 0);
});

test('a declared path is reported as declared, and nothing is asked', async () => {
  await environment.tasks(task({ kind: 'declared' }));
  expect([findings(), status(), networkCalls()]).toEqual([[], 'declared', []]);
  expect(metrics()).toHaveProperty('NetworkFailed', 0);
});

describe('PrivateLink', () => {
  test('an accepted connection and a healthy target are ok', async () => {
    connect('available');
    await environment.tasks(task(PRIVATE_LINK));
    expect([findings(), status()]).toEqual([[], 'ok']);
    expect(metrics()).toMatchObject({ NetworkFailed: 0, Drift: 0 });
    expect(networkCalls()).toEqual([
      `elasticloadbalancing:DescribeTargetHealth ${TARGET_GROUP}`,
      'ec2:DescribeVpcEndpointConnections vpce-svc-1',
    ]);
  });

  test('a connection that Datafold has not requested yet is a finding, and raises no alarm', async () => {
    await environment.tasks(task(PRIVATE_LINK));
    expect(findings()).toEqual([
      {
        kind: 'network',
        finding: 'Datafold has not connected yet.',
        next: "Send Datafold's support the output of the stack that names vpce-svc-1.",
      },
    ]);
    expect(status()).toBe('pending: Datafold has not connected yet.');
    expect(metrics()).toMatchObject({ NetworkFailed: 0 });
  });

  test('a connection that waits to be accepted fails, with the command that accepts it', async () => {
    connect('pendingAcceptance');
    await environment.tasks(task(PRIVATE_LINK));
    expect(findings()).toEqual([
      {
        kind: 'network',
        finding: 'vpce-1 of the account 210987654321 waits to be accepted by vpce-svc-1.',
        next: "If the account is Datafold's: npx cdk-datafold-postgres accept --stack shop --endpoint vpce-1",
      },
    ]);
    expect(metrics()).toMatchObject({ NetworkFailed: 1, VerificationFailed: 0 });
  });

  test('a target that stays unhealthy fails although a connection is accepted, and the role is verified all the same', async () => {
    connect('available');
    environment.privateLink.health = () => ({ state: 'unhealthy', reason: 'Target.FailedHealthChecks' });
    await environment.tasks(task(PRIVATE_LINK));
    const finding =
      'The target 10.0.1.1:5432 is unhealthy (Target.FailedHealthChecks). The load balancer opens no connection to port 5432: check that the server is available, that its security groups allow the security group of the load balancer on this port, and that network ACLs do not deny it.';
    expect(findings()).toEqual([
      { kind: 'network', finding, next: 'Fix the cause: the next run checks again.' },
    ]);
    expect(status()).toBe(`failed: ${finding}`);
    expect(metrics()).toMatchObject({ NetworkFailed: 1, VerificationFailed: 0 });
    expect(environment.functions.requests.map(({ operation }) => operation)).toContain('verify');
  });

  test('a failover during the run is not reported: the path is inspected again', async () => {
    connect('available');
    const from = environment.clock.now();
    environment.privateLink.health = () => ({
      state: environment.clock.now() - from < 60_000 ? 'unhealthy' : 'healthy',
    });
    await environment.tasks(task(PRIVATE_LINK));
    expect([findings(), status()]).toEqual([[], 'ok']);
  });

  test('a path that fails delays the run by two minutes at most', async () => {
    environment.privateLink.targets = [];
    const from = environment.clock.now();
    await environment.tasks(task(PRIVATE_LINK));
    expect(status()).toBe('failed: No address of the server is known yet.');
    expect(environment.clock.now() - from).toBeLessThanOrEqual(2 * 60_000);
  });

  test('a denied call is an error and counts as failed, and the other parts run', async () => {
    environment.faults.fail('elasticloadbalancing:DescribeTargetHealth', 'AccessDenied');
    await environment.tasks(task(PRIVATE_LINK));
    expect(findings()).toEqual([
      {
        kind: 'error',
        finding: expect.stringMatching(
          /^It is not known whether Datafold can reach the server: elasticloadbalancing:DescribeTargetHealth on .* failed with AccessDenied\. /,
        ) as string,
        next: 'The next run tries again.',
      },
    ]);
    expect(metrics()).toMatchObject({ NetworkFailed: 1, VerificationFailed: 0 });
    expect(environment.functions.requests.map(({ operation }) => operation)).toContain('verify');
  });
});

describe('an allowlist', () => {
  test('whose addresses reach the server is ok', async () => {
    await environment.tasks(task(ALLOWLIST));
    expect([findings(), status()]).toEqual([[], 'ok']);
    expect(metrics()).toMatchObject({ NetworkFailed: 0 });
  });

  test('whose rule was deleted by hand fails', async () => {
    environment.networks.ingress = [];
    await environment.tasks(task(ALLOWLIST));
    expect(status()).toBe(
      'failed: The security groups of the instance shop (sg-1) do not let 192.0.2.1 in on port 5432.',
    );
    expect(metrics()).toMatchObject({ NetworkFailed: 1 });
  });

  test('of a server that RDS does not have is an error', async () => {
    environment.rds.drop(INSTANCE);
    await environment.tasks(task(ALLOWLIST));
    expect(findings()).toEqual([
      {
        kind: 'error',
        finding:
          'It is not known whether Datafold can reach the server: RDS has no instance shop with an instance in this account and region, so it is not known whether the addresses of Datafold reach it. Check the identifier, then deploy again.',
        next: 'The next run tries again.',
      },
    ]);
    expect(metrics()).toMatchObject({ NetworkFailed: 1 });
  });
});

test('a run that is left to the next schedule sends the metric only for a declared path', async () => {
  environment.stacks.duringTasks = 'UPDATE_IN_PROGRESS';
  await environment.tasks(task(ALLOWLIST));
  await environment.tasks(task());
  const sent = environment.log.filter((line) => '_aws' in line);
  expect(sent.map((line) => line.NetworkFailed)).toEqual([0, undefined]);
  expect(networkCalls()).toEqual([]);
});
