import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const GROUP = 'datafold-stack-logging-1a2b3c4d-7b3e5355';
const reboots = () => [...account.rds.instances.values()].map((i) => i.reboots);

test('reboots nothing by default, and a notice names the instances that need a reboot', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const { Data } = await account.resource.create(properties('cluster'));
  const notice = `The parameter group ${GROUP} is in effect on shop-one, shop-two, shop-three only after a reboot, which neither RDS nor a maintenance window starts. Reboot at a time that suits you (the writer first), or set rebootPolicy to RebootPolicy.IF_PENDING. Until then Datafold may derive no lineage.`;
  expect(Data).toEqual({
    ParameterGroupName: GROUP,
    PendingReboot: 'shop-one,shop-two,shop-three',
    LogGroupName: '/aws/rds/cluster/shop/postgresql',
    Notices: notice,
  });
  expect(account.notices).toEqual([notice]);
  expect(reboots()).toEqual([0, 0, 0]);
});

test('reboots the writer first, then one reader after the other, each once', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const cluster = account.rds.clusters.get('shop')!;
  cluster.writer = 1;
  const order: string[] = [];
  let busy = 0;
  for (const member of cluster.members) {
    const reboot = member.reboot.bind(member);
    member.reboot = (durations) => {
      busy = cluster.members.filter(({ status }) => status.value !== 'available').length;
      order.push(`${member.identifier}, ${busy} rebooting`);
      reboot(durations);
    };
  }
  const { Data } = await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(order).toEqual(['shop-two, 0 rebooting', 'shop-one, 0 rebooting', 'shop-three, 0 rebooting']);
  expect(Data).toMatchObject({ PendingReboot: '', Notices: '' });
  expect(cluster.members.map(({ logStatement }) => logStatement)).toEqual(['mod', 'mod', 'mod']);
});

test('does not reboot an instance on which the group is in effect', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const cluster = account.rds.clusters.get('shop')!;
  const [writer, reader] = cluster.members;
  const reboot = writer!.reboot.bind(writer);
  // Up to version 14.6 the readers restart with the writer.
  writer!.reboot = (durations) =>
    cluster.members.forEach((m) => (m === writer ? reboot(durations) : m.reboot(durations)));
  await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(reader!.reboots).toBe(1);
  expect(reboots()).toEqual([1, 1, 1]);
});

test('the next invocation does not repeat a reboot in progress', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  account.rds.durations = { ...account.rds.durations, reboot: 400_000 };
  account.environment.timeout = 200_000;
  const { Status } = await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(Status).toBe('SUCCESS');
  expect(account.environment.functions.sent.length).toBeGreaterThan(3);
  expect(reboots()).toEqual([1, 1, 1]);
});

test('waits until RDS shows a requested reboot', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const { members } = account.rds.clusters.get('shop')!;
  const begun: number[] = [];
  for (const member of members) {
    let rebooted = false;
    const status = () => (rebooted ? 'in-sync' : account.shop.group.isDefault ? 'in-sync' : 'pending-reboot');
    Object.defineProperty(member, 'groupStatus', { get: status });
    member.reboot = () => {
      begun.push(account.environment.clock.now());
      rebooted = true;
      member.status.pass('rebooting', 5_000, 60_000);
    };
  }
  await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(begun).toHaveLength(3);
  expect(begun[1]! - begun[0]!).toBeGreaterThan(60_000);
});

test('does not wait for an instance that is deleted during its reboot', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const { members } = account.rds.clusters.get('shop')!;
  const two = members[1]!;
  two.reboot = () => {
    account.rds.instances.delete('shop-two');
    members.splice(1, 1);
  };
  const { Status } = await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(Status).toBe('SUCCESS');
});

test('waits while the cluster still lists a deleted instance', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  account.rds.instances.delete('shop-two');
  const { members } = account.rds.clusters.get('shop')!;
  void account.environment.clock.sleep(10 * 60_000).then(() => members.splice(1, 1));
  const { Status, Data } = await account.resource.create(
    properties('cluster', { rebootPolicy: 'if-pending' }),
  );
  expect([Status, Data?.PendingReboot]).toEqual(['SUCCESS', '']);
  expect(account.rds.calls.length).toBeLessThan(300);
});

test('fails if the group is not in effect after a reboot', async () => {
  account.addShop('instance', 'default.postgres16');
  const instance = account.rds.instances.get('shop')!;
  instance.reboot = () => undefined;
  const { Reason } = await account.resource.create(properties('instance', { rebootPolicy: 'if-pending' }));
  expect(Reason).toBe(
    'The instance shop was rebooted for its parameter group, but is available and the group is still not in effect. See the events of the instance in the RDS console, then deploy again.',
  );
});

describe('an instance that optimizes its storage, for a day', () => {
  const props = properties('instance', { rebootPolicy: 'if-pending' });
  /** From after the change, which RDS accepts. */
  const optimizeAfter = (command: string) => {
    const { send } = account.rds;
    jest.spyOn(account.rds, 'send').mockImplementation(async (sent) => {
      const answer = await send(sent);
      if (sent.constructor.name === command)
        account.rds.instances.get('shop')!.status.base = 'storage-optimization';
      return answer;
    });
  };
  const refused =
    'The instance shop needs a reboot for its parameter group, but is storage-optimization, and RDS has not allowed a reboot for 15 minutes. See the events of the instance in the RDS console, then deploy again.';

  beforeEach(() => account.addShop('instance', 'default.postgres16'));

  test('is rebooted if RDS allows that', async () => {
    account.rds.rebootableIn = ['available', 'storage-optimization'];
    optimizeAfter('ModifyDBInstanceCommand');
    expect(await account.resource.create(props)).toMatchObject({
      Status: 'SUCCESS',
      Data: { PendingReboot: '' },
    });
    expect(reboots()).toEqual([1]);
  });

  test('fails a deployment after 15 minutes if RDS does not allow that', async () => {
    optimizeAfter('ModifyDBInstanceCommand');
    const from = account.environment.clock.now();
    expect((await account.resource.send({ RequestType: 'Create', ResourceProperties: props })).Reason).toBe(
      refused,
    );
    expect(account.environment.clock.now() - from).toBeLessThan(20 * 60_000);
  });

  test('does not block a removal: everything else is restored, and the log names the pending reboot', async () => {
    const before = (await account.settled()) as object;
    await account.resource.create(props);
    optimizeAfter('ModifyDBInstanceCommand');
    account.environment.lines.length = 0;
    const from = account.environment.clock.now();

    expect((await account.resource.remove()).Status).toBe('SUCCESS');

    expect(account.environment.clock.now() - from).toBeLessThan(20 * 60_000);
    expect(account.rds.calls.filter((name) => name === 'RebootDBInstance').length).toBeGreaterThan(2);
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: 'not rebooted: statements are logged until the next reboot',
        server: 'shop',
        error: refused,
      }),
    );
    const instance = account.rds.instances.get('shop')!;
    instance.status.base = 'available';
    instance.reboot(account.rds.durations);
    expect(await account.settled()).toEqual(before);
  });
});

test('a removal without the permission to reboot an instance restores everything else', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  const denied = 'rds:RebootDBInstance on instance shop-two failed with AccessDenied: It was added since';
  const two = account.rds.instances.get('shop-two')!;
  two.reboot = () => {
    throw rdsError('AccessDenied', 'It was added since');
  };
  account.environment.lines.length = 0;

  expect((await account.resource.remove()).Status).toBe('SUCCESS');

  const members = account.rds.clusters.get('shop')!.members;
  expect(members.map(({ logStatement }) => logStatement)).toEqual(['none', 'mod', 'none']);
  expect(account.shop.group.name).toBe('default.aurora-postgresql16');
  expect(account.shop.tags).toEqual([]);
  expect(account.rds.groups.all.filter(({ name }) => name.startsWith('datafold-'))).toEqual([]);
  const left = account.environment.log.filter(({ message }) => String(message).startsWith('not rebooted'));
  expect(left.map(({ server, error }) => [server, String(error).startsWith(denied)])).toEqual([
    ['shop-two', true],
  ]);
});

test('a repeated Delete continues a removal whose time ended during a reboot', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  for (const { status } of account.rds.instances.values()) status.base = 'upgrading';

  expect((await account.resource.remove()).Status).toBe('FAILED');

  expect(account.rds.groups.all.filter(({ name }) => name.startsWith('datafold-'))).toEqual([]);
  for (const { status } of account.rds.instances.values()) status.base = 'available';
  expect((await account.resource.remove()).Status).toBe('SUCCESS');
  expect(reboots()).toEqual([2, 2, 2]);
  expect(account.shop.tags).toEqual([]);
});

test('a change of the associated group needs no reboot', async () => {
  account.rds.addGroup('cluster', 'custom', 'aurora-postgresql16');
  account.addShop('cluster', 'custom');
  const { Data } = await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(Data).toMatchObject({ ParameterGroupName: 'custom', PendingReboot: '', Notices: '' });
  expect(reboots()).toEqual([0, 0, 0]);
  expect(account.rds.calls).not.toContain('RebootDBInstance');
});
