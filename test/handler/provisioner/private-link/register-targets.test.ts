import { TestEnvironment } from '../support/test-environment';
import { addShop, CLUSTER, HOST, hostOf, PROPERTIES, registered, TAGS, TARGET_GROUP, TASK } from './support';

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  environment.privateLink.tags = TAGS;
  addShop(environment, 'shop-1');
  await environment.task(TASK);
  environment.faults.calls.length = 0;
  environment.lines.length = 0;
});
afterEach(async () => environment.stop());

const failedTask = () => environment.log.map((line) => line.TaskFailed).find((value) => value !== undefined);

test('changes nothing if the writer is the only target', async () => {
  await environment.task(TASK);
  expect(environment.faults.calls).toEqual([
    'rds:DescribeDBClusters cluster shop',
    'rds:DescribeDBInstances instance shop-1',
    expect.stringContaining('elasticloadbalancing:DescribeTargetHealth'),
  ]);
  expect(failedTask()).toBe(0);
});

test('registers the new writer first, then deregisters the previous one', async () => {
  addShop(environment, 'shop-2');
  await environment.task(TASK);
  expect(environment.privateLink.changes).toEqual([
    'elasticloadbalancing:RegisterTargets 10.0.1.2',
    'elasticloadbalancing:DeregisterTargets 10.0.1.1',
  ]);
});

test("uses the writer's own address, not the endpoint of the cluster", async () => {
  environment.privateLink.names.set(HOST, ['10.0.1.1']); // stale
  addShop(environment, 'shop-2');
  await environment.task(TASK);
  expect(registered(environment)).toEqual(['10.0.1.2']);
});

test('follows 100 failovers, each in one run', async () => {
  for (let i = 0; i < 100; i++) {
    const writer = i % 2 === 0 ? 'shop-2' : 'shop-1';
    addShop(environment, writer);
    await environment.task(TASK);
    expect(registered(environment)).toEqual([writer === 'shop-2' ? '10.0.1.2' : '10.0.1.1']);
  }
  expect(environment.privateLink.changes).toHaveLength(200);
});

describe('the members of the cluster', () => {
  const describeMembers = (members: readonly { identifier: string; isWriter: boolean }[]) =>
    environment.rds.describe(CLUSTER, {
      members: members.map((member) => ({ ...member, groupStatus: 'in-sync' })),
    });
  const addInstance = (identifier: string, address: string) => {
    environment.rds.addServer({ kind: 'instance', identifier }, { host: hostOf(identifier), port: 5432 });
    environment.privateLink.names.set(hostOf(identifier), [address]);
  };

  test('may get and lose readers without a change of the targets', async () => {
    addInstance('shop-3', '10.0.1.3');
    const writer = { identifier: 'shop-1', isWriter: true };
    for (const readers of [['shop-2', 'shop-3'], ['shop-3'], []]) {
      describeMembers([writer, ...readers.map((identifier) => ({ identifier, isWriter: false }))]);
      await environment.task(TASK);
    }
    expect(environment.privateLink.changes).toEqual([]);
    expect(registered(environment)).toEqual(['10.0.1.1']);
  });

  test('a writer that was added after the deployment becomes the target', async () => {
    addInstance('shop-3', '10.0.1.3');
    describeMembers([
      { identifier: 'shop-1', isWriter: false },
      { identifier: 'shop-3', isWriter: true },
    ]);
    await environment.task(TASK);
    expect(registered(environment)).toEqual(['10.0.1.3']);
  });

  test('a renamed writer keeps its target while its address stays, and is followed when the address changes', async () => {
    addInstance('renamed', '10.0.1.1');
    describeMembers([{ identifier: 'renamed', isWriter: true }]);
    await environment.task(TASK);
    expect(environment.privateLink.changes).toEqual([]);
    addInstance('renamed', '10.0.1.7');
    await environment.task(TASK);
    expect(registered(environment)).toEqual(['10.0.1.7']);
  });

  test('a writer that was replaced under the same name becomes the target', async () => {
    addInstance('shop-1', '10.0.1.9');
    await environment.task(TASK);
    expect(registered(environment)).toEqual(['10.0.1.9']);
  });

  test('a cluster that was stopped is followed to its address after the start', async () => {
    environment.privateLink.names.delete(hostOf('shop-1')); // while the cluster is stopped
    await environment.task(TASK);
    expect(environment.privateLink.changes).toEqual([]);
    addInstance('shop-1', '10.0.1.8');
    await environment.task(TASK);
    expect(environment.privateLink.changes).toEqual([
      'elasticloadbalancing:RegisterTargets 10.0.1.8',
      'elasticloadbalancing:DeregisterTargets 10.0.1.1',
    ]);
    expect(failedTask()).toBe(0);
  });
});

test('an instance with a standby is followed by the address of its endpoint', async () => {
  const instance = { kind: 'instance', identifier: 'billing' } as const;
  const host = hostOf('billing');
  environment.rds.addServer(instance, { host, port: 5432 });
  environment.privateLink.tags = { 'cdk-datafold-postgres:server': 'vpc-1 instance/billing:5432' };
  const task = {
    ...TASK,
    properties: { ...PROPERTIES, rds: instance, server: { ...PROPERTIES.server, host } },
  };
  for (const address of ['10.0.2.1', '10.0.2.2', '10.0.2.1']) {
    environment.privateLink.names.set(host, [address]);
    await environment.task(task);
    expect(registered(environment)).toEqual([address]);
  }
  expect(failedTask()).toBe(0);
});

test('keeps the targets while there is no writer, or its name does not resolve', async () => {
  addShop(environment, undefined);
  await environment.task(TASK);
  addShop(environment, 'shop-2');
  environment.privateLink.names.delete(hostOf('shop-2'));
  await environment.task(TASK);
  expect(environment.privateLink.changes).toEqual([]);
  expect(registered(environment)).toEqual(['10.0.1.1']);
  expect(failedTask()).toBe(0);
});

test('after an event it checks for some minutes, since DNS names change late', async () => {
  const from = environment.clock.now();
  environment.rds.describe(CLUSTER, {
    members: [{ identifier: 'shop-2', isWriter: true, groupStatus: 'in-sync' }],
  });
  environment.privateLink.names.set(hostOf('shop-2'), ['10.0.1.1']);
  const addressesOf = environment.privateLink.addressesOf.bind(environment.privateLink);
  environment.privateLink.addressesOf = async (host) => {
    if (environment.clock.now() - from > 120_000)
      environment.privateLink.names.set(hostOf('shop-2'), ['10.0.1.2']);
    return addressesOf(host);
  };
  await environment.task({ ...TASK, repeat: 'true' });
  expect(registered(environment)).toEqual(['10.0.1.2']);
  expect(environment.clock.now() - from).toBeLessThan(300_000);
});

test('leaves a throttled call to the next check', async () => {
  environment.faults.fail('rds:DescribeDBClusters', 'Throttling', undefined, 1);
  await environment.task(TASK);
  expect(failedTask()).toBe(0);
});

test('a denied call fails the task', async () => {
  environment.faults.fail('elasticloadbalancing:DescribeTargetHealth', 'AccessDenied');
  await environment.task(TASK);
  expect(failedTask()).toBe(1);
});

test('follows a failover during a deployment', async () => {
  environment.stacks.duringTasks = 'UPDATE_IN_PROGRESS';
  addShop(environment, 'shop-2');
  await environment.task(TASK);
  expect(registered(environment)).toEqual(['10.0.1.2']);
});

test('changes nothing while CloudFormation changes the targets', async () => {
  addShop(environment, 'shop-2');
  environment.stacks.ask({ LogicalResourceId: 'Thing', RequestType: 'Update', RequestId: '1' });
  await environment.task(TASK);
  expect(environment.privateLink.changes).toEqual([]);
});

describe('an event that somebody forged', () => {
  const forged = (properties: object) => ({ ...TASK, properties: { ...PROPERTIES, ...properties } });
  const elsewhere = { host: 'evil.example.com', port: '5432', tls: 'verify-full' };
  beforeEach(() => {
    environment.privateLink.names.set('evil.example.com', ['10.0.9.9']);
    environment.rds.addServer(
      { kind: 'instance', identifier: 'evil' },
      { host: 'evil.example.com', port: 5432 },
    );
  });

  test.each([
    ['another host', { rds: undefined, server: elsewhere }, 'vpc-1 evil.example.com:5432'],
    ['another server of RDS', { rds: { kind: 'instance', identifier: 'evil' } }, 'vpc-1 instance/evil:5432'],
    ['another port', { server: { ...PROPERTIES.server, port: '22' } }, 'vpc-1 cluster/shop:22'],
  ])('with %s changes no target, and says how to find who sent it', async (_, properties, server) => {
    await environment.task(forged(properties));
    expect(environment.privateLink.changes).toEqual([]);
    expect(failedTask()).toBe(1);
    expect(environment.log.find(({ message }) => message === 'the task failed')?.error).toBe(
      `No target is changed: the target group ${TARGET_GROUP} is of vpc-1 cluster/shop:5432, not of ${server}. If somebody changed the tag, set it to that and deploy again; else somebody invokes the provisioner, which CloudTrail names (lambda:InvokeFunction), and should not be allowed to.`,
    );
  });

  test('with another VPC changes no target', async () => {
    addShop(environment, 'shop-2');
    await environment.task(forged({ vpcId: 'vpc-2' }));
    expect(environment.privateLink.changes).toEqual([]);
    expect(failedTask()).toBe(1);
  });
});

test('changes no target of a target group that lost its tag', async () => {
  addShop(environment, 'shop-2');
  environment.privateLink.tags = {};
  await environment.task(TASK);
  expect(environment.privateLink.changes).toEqual([]);
  expect(environment.log.find(({ message }) => message === 'the task failed')?.error).toContain(
    `the target group ${TARGET_GROUP} has no tag cdk-datafold-postgres:server, not of vpc-1 cluster/shop:5432`,
  );
});

test('stops looking when the targets are deleted, with the rights to look', async () => {
  const looks = () =>
    environment.faults.calls.filter((call) => call.startsWith('rds:DescribeDBClusters')).length;
  const { addressesOf } = environment.privateLink;
  environment.privateLink.addressesOf = async (host) => {
    if (looks() === 3)
      environment.stacks.ask({ LogicalResourceId: 'Thing', RequestType: 'Delete', RequestId: '1' });
    return addressesOf.call(environment.privateLink, host);
  };
  await environment.task({ ...TASK, repeat: 'true' });
  expect(looks()).toBe(3);
});
