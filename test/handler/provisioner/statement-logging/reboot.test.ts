import { Account } from './account';
import { properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.world.stop());

const GROUP = 'datafold-stack-logging-1a2b3c4d-7b3e5355';
const reboots = () => [...account.rds.instances.values()].map((i) => i.reboots);

test('nothing is rebooted by default, and a notice names the instances that wait', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const { Data } = await account.resource.create(properties('cluster'));
  const notice = `The parameter group ${GROUP} is in force on shop-one, shop-two, shop-three only after a reboot, for which neither RDS nor a maintenance window sees. Reboot at a time that suits you (the writer first), or set rebootPolicy to RebootPolicy.ifPending(). Until then Datafold may draw no lineage.`;
  expect(Data).toEqual({
    ParameterGroupName: GROUP,
    PendingReboot: 'shop-one,shop-two,shop-three',
    LogGroupName: '/aws/rds/cluster/shop/postgresql',
    Notices: notice,
  });
  expect(account.notices).toEqual([notice]);
  expect(reboots()).toEqual([0, 0, 0]);
});

test('the writer is rebooted first, then one reader after the other, each once', async () => {
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
  const { Data } = await account.resource.create(properties('cluster', { reboot: 'if-pending' }));
  expect(order).toEqual(['shop-two, 0 rebooting', 'shop-one, 0 rebooting', 'shop-three, 0 rebooting']);
  expect(Data).toMatchObject({ PendingReboot: '', Notices: '' });
  expect(cluster.members.map(({ logStatement }) => logStatement)).toEqual(['mod', 'mod', 'mod']);
});

test('an instance that has the group in force already is left alone', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const cluster = account.rds.clusters.get('shop')!;
  const [writer, reader] = cluster.members;
  const reboot = writer!.reboot.bind(writer);
  // As versions up to 14.6 do: the readers restart with the writer.
  writer!.reboot = (durations) =>
    cluster.members.forEach((m) => (m === writer ? reboot(durations) : m.reboot(durations)));
  await account.resource.create(properties('cluster', { reboot: 'if-pending' }));
  expect(reader!.reboots).toBe(1);
  expect(reboots()).toEqual([1, 1, 1]);
});

test('reboots that outlast an invocation are not repeated by the next one', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  account.rds.durations = { ...account.rds.durations, reboot: 400_000 };
  account.world.timeout = 200_000;
  const { Status } = await account.resource.create(properties('cluster', { reboot: 'if-pending' }));
  expect(Status).toBe('SUCCESS');
  expect(account.world.functions.sent.length).toBeGreaterThan(3);
  expect(reboots()).toEqual([1, 1, 1]);
});

test('a reboot that does not help is reported', async () => {
  account.addShop('instance', 'default.postgres16');
  const instance = account.rds.instances.get('shop')!;
  instance.reboot = () => undefined;
  const { Reason } = await account.resource.create(properties('instance', { reboot: 'if-pending' }));
  expect(Reason).toBe(
    'The instance shop was rebooted for its parameter group, but is available and still waits for the group. See the events of the instance in the RDS console, then deploy again.',
  );
});

test('a change of the group that is in use needs no reboot', async () => {
  account.rds.addGroup('cluster', 'custom', 'aurora-postgresql16');
  account.addShop('cluster', 'custom');
  const { Data } = await account.resource.create(properties('cluster', { reboot: 'if-pending' }));
  expect(Data).toMatchObject({ ParameterGroupName: 'custom', PendingReboot: '', Notices: '' });
  expect(reboots()).toEqual([0, 0, 0]);
  expect(account.rds.calls).not.toContain('RebootDBInstance');
});
