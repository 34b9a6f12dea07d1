import { World } from '../support/world';
import { addShop, CLUSTER, HOST, hostOf, registered, TASK } from './support';

let world: World;
beforeEach(async () => {
  world = await World.start();
  addShop(world, 'shop-1');
  await world.task(TASK);
  world.faults.calls.length = 0;
  world.lines.length = 0;
});
afterEach(async () => world.stop());

const failedTask = () => world.log.map((line) => line.TaskFailed).find((value) => value !== undefined);

test('changes nothing where the writer is the only target', async () => {
  await world.task(TASK);
  expect(world.faults.calls).toEqual([
    'rds:DescribeDBClusters cluster shop',
    'rds:DescribeDBInstances instance shop-1',
    expect.stringContaining('elasticloadbalancing:DescribeTargetHealth'),
  ]);
  expect(failedTask()).toBe(0);
});

test('registers the new writer first, then takes out the previous one', async () => {
  addShop(world, 'shop-2');
  await world.task(TASK);
  expect(world.privateLink.changes).toEqual([
    'elasticloadbalancing:RegisterTargets 10.0.1.2',
    'elasticloadbalancing:DeregisterTargets 10.0.1.1',
  ]);
});

test('asks the writer for its own address, not the endpoint of the cluster', async () => {
  world.privateLink.names.set(HOST, ['10.0.1.1']); // stale
  addShop(world, 'shop-2');
  await world.task(TASK);
  expect(registered(world)).toEqual(['10.0.1.2']);
});

test('follows 100 failovers, each in one run', async () => {
  for (let i = 0; i < 100; i++) {
    const writer = i % 2 === 0 ? 'shop-2' : 'shop-1';
    addShop(world, writer);
    await world.task(TASK);
    expect(registered(world)).toEqual([writer === 'shop-2' ? '10.0.1.2' : '10.0.1.1']);
  }
  expect(world.privateLink.changes).toHaveLength(200);
});

test('leaves the targets alone while there is no writer, or its name is not known', async () => {
  addShop(world, undefined);
  await world.task(TASK);
  addShop(world, 'shop-2');
  world.privateLink.names.delete(hostOf('shop-2'));
  await world.task(TASK);
  expect(world.privateLink.changes).toEqual([]);
  expect(registered(world)).toEqual(['10.0.1.1']);
  expect(failedTask()).toBe(0);
});

test('after an event it goes on looking for some minutes, since names are late', async () => {
  const from = world.clock.now();
  world.rds.describe(CLUSTER, {
    members: [{ identifier: 'shop-2', isWriter: true, groupStatus: 'in-sync' }],
  });
  world.privateLink.names.set(hostOf('shop-2'), ['10.0.1.1']);
  const addressesOf = world.privateLink.addressesOf.bind(world.privateLink);
  world.privateLink.addressesOf = async (host) => {
    if (world.clock.now() - from > 120_000) world.privateLink.names.set(hostOf('shop-2'), ['10.0.1.2']);
    return addressesOf(host);
  };
  await world.task({ ...TASK, goOnLooking: 'true' });
  expect(registered(world)).toEqual(['10.0.1.2']);
  expect(world.clock.now() - from).toBeLessThan(300_000);
});

test('a call that AWS is too busy for is left to the next look', async () => {
  world.faults.fail('rds:DescribeDBClusters', 'Throttling', undefined, 1);
  await world.task(TASK);
  expect(failedTask()).toBe(0);
});

test('a call that is denied fails the task', async () => {
  world.faults.fail('elasticloadbalancing:DescribeTargetHealth', 'AccessDenied');
  await world.task(TASK);
  expect(failedTask()).toBe(1);
});

test('follows a failover during a deployment', async () => {
  world.stacks.duringTasks = 'UPDATE_IN_PROGRESS';
  addShop(world, 'shop-2');
  await world.task(TASK);
  expect(registered(world)).toEqual(['10.0.1.2']);
});

test('leaves the targets to CloudFormation while it changes them itself', async () => {
  addShop(world, 'shop-2');
  world.stacks.ask({ LogicalResourceId: 'Thing', RequestType: 'Update', RequestId: '1' });
  await world.task(TASK);
  expect(world.privateLink.changes).toEqual([]);
});
