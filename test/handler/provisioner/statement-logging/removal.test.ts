import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind) => {
  const byDefault = `default.${FAMILY[kind]}`;
  const ours = () => account.rds.groups.all.filter(({ name }) => name.startsWith('datafold-'));

  test('one that is stopped is reported, and put back once it is started', async () => {
    account.addShop(kind, byDefault);
    const before = await account.settled();
    await account.resource.create(properties(kind));
    account.shop.status.base = 'stopped';
    expect(await account.resource.remove()).toMatchObject({
      Status: 'FAILED',
      Reason: `The ${kind} shop is stopped: it takes no changes, and that does not pass by itself. Start it, then try again.`,
    });
    account.shop.status.base = 'available';
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(await account.settled()).toEqual(before);
  });

  test('one that is being deleted is waited for, since it holds our group', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    account.shop.status.base = 'deleting';
    const { clock } = account.environment;
    const gone = clock.sleep(20 * 60_000).then(() => account.rds.drop('shop'));
    const [answer] = await Promise.all([account.resource.remove(), gone]);
    expect(answer.Status).toBe('SUCCESS');
    expect(ours()).toEqual([]);
  });

  test('where the former group is gone, the default group takes its place', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    if (kind === 'cluster') account.rds.addCluster('other', 'custom');
    else account.rds.addInstance('other', 'custom');
    await account.resource.create(properties(kind, { sharedParameterGroup: 'copy' }));
    account.rds.drop('other');
    account.rds.groups.drop(kind, 'custom');
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(account.shop.group.name).toBe(byDefault);
    expect(ours()).toEqual([]);
  });

  test('where the former group is gone, a removal that outlasts an invocation reboots what is left', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    if (kind === 'cluster') account.rds.addCluster('other', 'custom');
    else account.rds.addInstance('other', 'custom');
    const props = { sharedParameterGroup: 'copy', reboot: 'if-pending' } as const;
    await account.resource.create(properties(kind, props));
    account.rds.drop('other');
    account.rds.groups.drop(kind, 'custom');
    account.environment.timeout = 200_000;
    account.rds.durations = { ...account.rds.durations, reboot: 170_000 };
    account.environment.lines.length = 0;
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(account.environment.functions.sent).not.toEqual([]);
    const servers = [...account.rds.instances.values()];
    expect(new Set(servers.map((i) => `${i.groupStatus} ${i.logStatement}`))).toEqual(
      new Set(['in-sync none']),
    );
    const warnings = account.environment.log.filter(({ message }) =>
      String(message).startsWith('left alone'),
    );
    expect(warnings).toEqual([]);
  });

  test('a group of ours that others use by now is left to them', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const group = account.shop.group;
    if (kind === 'cluster') account.rds.addCluster('other', group.name);
    else account.rds.addInstance('other', group.name);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(account.shop.group.name).toBe(byDefault);
    expect(ours()).toEqual([group]);
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({ message: 'parameter group left alone: it is in use', users: 'other' }),
    );
  });

  test('what somebody changed is named in the log', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    account.shop.group.set.set('log_statement', 'all');
    await account.resource.remove();
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({
        message: 'left alone: somebody changed it since',
        server: `${kind} shop`,
        what: 'log_statement in the parameter group custom, which is all now',
      }),
    );
  });

  test('the last one of two stacks leaves the server as it was, whatever the other had changed', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    const before = await account.settled();
    const second = account.another();
    await account.resource.create(properties(kind));
    await second.create(properties(kind, { logBindValues: 'false', newGroupName: 'datafold-second' }));
    await second.remove();
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    await account.resource.remove();
    expect(await account.settled()).toEqual(before);
  });

  test('another server is set up before the former one is put back', async () => {
    account.addShop(kind, byDefault);
    if (kind === 'cluster') account.rds.addCluster('other', byDefault);
    else account.rds.addInstance('other', byDefault);
    const before = await account.settled();
    await account.resource.create(properties(kind));
    const [{ name }] = ours();
    await account.resource.update(properties(kind, { identifier: 'other' }));
    expect(account.shop.group.name).toBe(byDefault);
    expect(ours().map((group) => group.name)).not.toContain(name);
    await account.resource.remove();
    expect(await account.settled()).toEqual(before);
  });

  test('a move to another server that fails is taken back', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const after = await account.settled();
    expect((await account.resource.update(properties(kind, { identifier: 'missing' }))).Status).toBe(
      'FAILED',
    );
    expect(await account.settled()).toEqual(after);
  });

  test('a rollback comes back from a server to which it has no rights any more', async () => {
    account.addShop(kind, byDefault);
    if (kind === 'cluster') account.rds.addCluster('other', byDefault);
    else account.rds.addInstance('other', byDefault);
    await account.resource.create(properties(kind));
    const after = await account.settled();
    const id = account.resource.physicalId!;
    const [shop, other] = [properties(kind), properties(kind, { identifier: 'other' })];
    const modify = kind === 'cluster' ? 'ModifyDBCluster' : 'ModifyDBInstance';
    account.rds.failures.push({ command: modify, error: rdsError('Strange', 'no'), after: 0 });
    expect((await account.resource.updateTo(other, shop, id)).Status).toBe('FAILED');
    account.rds.denied = 'other';
    account.environment.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await account.resource.updateTo(shop, other, id)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: id,
    });
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({
        message: 'the previous target could not be removed',
        error: `The statement log of the ${kind} other may still be as it was set up there, since it could not be put back. rds:RemoveTagsFromResource on arn:aws:rds:us-east-1:111122223333:${kind === 'cluster' ? 'cluster' : 'db'}:other failed with AccessDenied: The role may not perform rds:RemoveTagsFromResource. The provisioner's role lacks this permission: look for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
      }),
    );
    account.rds.denied = undefined;
    expect((await account.resource.updateTo(shop, other, id)).Status).toBe('SUCCESS');
    expect(await account.settled()).toEqual(after);
  });
});
