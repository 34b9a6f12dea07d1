import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

/** The responses of the update and its rollback. */
const ends = () =>
  account.resource.answers.slice(1).map(({ Status, Reason, Data }) => Reason ?? [Status, Data?.Notices]);

describe.each(KINDS)('%s', (kind) => {
  const LOG_GROUP = `/aws/rds/${kind}/shop/postgresql`;

  test.each(['done', 'refused'])(
    'an update that asked for masking for the first time, and was %s, leaves no tag behind when it is rolled back',
    async (how) => {
      account.addShop(kind, `default.${FAMILY[kind]}`);
      account.environment.logs.add(
        LOG_GROUP,
        how === 'refused' ? { policy: '{"Name":"security-team"}' } : {},
      );
      const masked = properties(kind, { maskedData: ['Name'] });
      await account.resource.create(properties(kind));
      const tags = () => ({
        server: Object.fromEntries(account.shop.tags.map(({ Key, Value }) => [Key, Value])),
        logGroup: account.environment.logs.tagsOf(LOG_GROUP),
      });
      const before = tags();
      const id = account.resource.physicalId!;

      const answer = await account.resource.updateTo(masked, properties(kind), id);
      expect(answer.Status).toBe(how === 'done' ? 'SUCCESS' : 'FAILED');
      expect(tags().logGroup).not.toEqual({});
      expect((await account.resource.updateTo(properties(kind), masked, id)).Status).toBe('SUCCESS');

      expect(tags()).toEqual(before);
    },
  );

  test('a stopped server fails an update, but not its rollback', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    account.shop.status.base = 'stopped';
    const after = await account.settled();

    await account.resource.update(properties(kind, { shortenLogRetention: 'true' }));

    const stopped = `The ${kind} shop is stopped: it accepts no changes until you intervene. Start it, then try again.`;
    expect(ends()).toEqual([stopped, ['SUCCESS', stopped]]);
    expect(account.resource.answers.at(-1)).toMatchObject({
      PhysicalResourceId: account.resource.physicalId,
      Data: { ParameterGroupName: 'custom', PendingReboot: '', LogGroupName: LOG_GROUP },
    });
    expect(await account.settled()).toEqual(after);
  });

  test('a server that does not exist fails an update, but not its rollback', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    account.rds.drop('shop');

    await account.resource.update(properties(kind, { shortenLogRetention: 'true' }));

    const gone = `RDS has no ${kind} shop in this account and region. Check the identifier and the region, then deploy again.`;
    expect(ends()).toEqual([gone, ['SUCCESS', gone]]);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
  });

  test('a rollback reports a reset group that other servers use', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind], { log_statement: 'mod' });
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    if (kind === 'cluster') account.rds.addCluster('late', 'custom');
    else account.rds.addInstance('late', 'custom');
    account.rds.groups.get(kind, 'custom').set.set('log_statement', 'ddl');

    await account.resource.update(properties(kind, { logRetention: '30' }));

    const refused = `The parameter group custom of the ${kind} shop is used by late too. Their statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY to accept that, or to COPY to give this ${kind} a copy (in effect after a reboot), then deploy again.`;
    expect(ends()).toEqual([refused, ['SUCCESS', refused]]);
    expect(account.shop.group.set.get('log_statement')).toBe('ddl');
  });

  test('another data protection policy fails an update, and the rollback restores everything else', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    const desired = properties(kind, { maskedData: ['Name'] });
    await account.resource.create(desired);
    account.environment.logs.add(LOG_GROUP, { policy: '{"Name":"security-team"}' });

    await account.resource.update({ ...desired, logRetention: '30' });

    const masked = `The log group ${LOG_GROUP} already has a data protection policy (security-team), which is not changed. Add the identifiers to that policy and remove them from maskedData, then deploy again.`;
    expect(ends()).toEqual([masked, ['SUCCESS', masked]]);
    expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ policy: '{"Name":"security-team"}' });
    expect(account.shop.exports).toEqual(['postgresql']);
  });

  test('a rollback reverts the changes of a failed move although the previous server is stopped; the next update repairs that server', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    if (kind === 'cluster') account.rds.addCluster('other', `default.${FAMILY[kind]}`);
    else account.rds.addInstance('other', `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    const id = account.resource.physicalId!;
    const [shop, other] = [properties(kind), properties(kind, { identifier: 'other' })];
    const before = JSON.stringify(await account.settled());
    await account.resource.updateTo(other, shop, id);
    account.shop.status.base = 'stopped';

    await account.resource.rollBack(other, shop, id);

    const stopped = `The ${kind} shop is stopped: it accepts no changes until you intervene. Start it, then try again.`;
    expect(ends().at(-1)).toEqual(['SUCCESS', stopped]);
    expect(JSON.stringify(await account.settled())).not.toMatch(/"other"[^}]*datafold/);
    account.shop.status.base = 'available';
    expect((await account.resource.update(shop)).Status).toBe('SUCCESS');
    expect(JSON.stringify(await account.settled())).toBe(before);
  });

  test('a move is reverted if another resource of the stack fails', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    if (kind === 'cluster') account.rds.addCluster('other', `default.${FAMILY[kind]}`);
    else account.rds.addInstance('other', `default.${FAMILY[kind]}`);
    const untouched = JSON.stringify(await account.settled());
    await account.resource.create(properties(kind));
    const id = account.resource.physicalId!;
    const [shop, other] = [properties(kind), properties(kind, { identifier: 'other' })];
    const before = JSON.stringify(await account.settled());

    account.resource.physicalId = (await account.resource.updateTo(other, shop, id)).PhysicalResourceId;
    await account.resource.rollBack(other, shop, id);

    expect(JSON.stringify(await account.settled())).toBe(before);
    expect((await account.resource.update(other)).Status).toBe('SUCCESS');
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(JSON.stringify(await account.settled())).toBe(untouched);
  });

  test('a move fails if the previous server can not be restored, and that server stays set up', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    if (kind === 'cluster') account.rds.addCluster('other', `default.${FAMILY[kind]}`);
    else account.rds.addInstance('other', `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    const before = JSON.stringify(await account.settled());
    account.shop.status.base = 'stopped';

    const { Reason } = await account.resource.update(properties(kind, { identifier: 'other' }));

    expect(Reason).toBe(
      `The statement log of the ${kind} shop may still be set up: its previous settings could not be restored. The ${kind} shop is stopped: it accepts no changes until you intervene. Start it, then try again.`,
    );
    account.shop.status.base = 'available';
    expect(JSON.stringify(await account.settled())).toBe(before);
  });
});
