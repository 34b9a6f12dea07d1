import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind) => {
  const byDefault = `default.${FAMILY[kind]}`;
  const ours = () => account.rds.groups.all.filter(({ name }) => name.startsWith('datafold-'));

  test('the removal fails while the server is stopped, and restores it after its start', async () => {
    account.addShop(kind, byDefault);
    const before = await account.settled();
    await account.resource.create(properties(kind));
    account.shop.status.base = 'stopped';
    expect(await account.resource.remove()).toMatchObject({
      Status: 'FAILED',
      Reason: `The ${kind} shop is stopped: it accepts no changes until you intervene. Start it, then try again.`,
    });
    account.shop.status.base = 'available';
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(await account.settled()).toEqual(before);
  });

  test('the removal waits for the deletion of the server, which uses the group', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    account.shop.status.base = 'deleting';
    const { clock } = account.environment;
    const gone = clock.sleep(20 * 60_000).then(() => account.rds.drop('shop'));
    const [answer] = await Promise.all([account.resource.remove(), gone]);
    expect(answer.Status).toBe('SUCCESS');
    expect(ours()).toEqual([]);
  });

  test('the default group replaces an original group that no longer exists', async () => {
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

  test('a continued removal reboots the remaining instances if the original group no longer exists', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    if (kind === 'cluster') account.rds.addCluster('other', 'custom');
    else account.rds.addInstance('other', 'custom');
    const props = { sharedParameterGroup: 'copy', rebootPolicy: 'if-pending' } as const;
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
      String(message).startsWith('not restored'),
    );
    expect(warnings).toEqual([]);
  });

  test('keeps its group if other servers use it', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const group = account.shop.group;
    if (kind === 'cluster') account.rds.addCluster('other', group.name);
    else account.rds.addInstance('other', group.name);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(account.shop.group.name).toBe(byDefault);
    expect(ours()).toEqual([group]);
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({ message: 'parameter group not deleted: it is in use', users: 'other' }),
    );
  });

  test('logs the settings that were changed since and are not restored', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    account.shop.group.set.set('log_statement', 'all');
    await account.resource.remove();
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({
        message: 'not restored: changed outside of this deployment',
        server: `${kind} shop`,
        what: 'log_statement in the parameter group custom, which is all now',
      }),
    );
  });

  test('the last of two stacks restores the server, whatever the other one changed', async () => {
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

  test('a move sets up the new server before it restores the previous one', async () => {
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

  test('a failed move to another server is reverted', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const after = await account.settled();
    expect((await account.resource.update(properties(kind, { identifier: 'missing' }))).Status).toBe(
      'FAILED',
    );
    expect(await account.settled()).toEqual(after);
  });

  test('a rollback succeeds although the permissions for the new server no longer exist', async () => {
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
        error: `The statement log of the ${kind} other may still be set up: its previous settings could not be restored. rds:RemoveTagsFromResource on arn:aws:rds:us-east-1:111122223333:${kind === 'cluster' ? 'cluster' : 'db'}:other failed with AccessDenied: The role may not perform rds:RemoveTagsFromResource. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
      }),
    );
    account.rds.denied = undefined;
    expect((await account.resource.updateTo(shop, other, id)).Status).toBe('SUCCESS');
    expect(await account.settled()).toEqual(after);
  });
});
