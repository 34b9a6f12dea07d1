import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.world.stop());

/** How the update and its rollback ended. */
const ends = () =>
  account.resource.answers.slice(1).map(({ Status, Reason, Data }) => Reason ?? [Status, Data?.Notices]);

describe.each(KINDS)('%s', (kind) => {
  const LOG_GROUP = `/aws/rds/${kind}/shop/postgresql`;

  test('a server that was stopped ends an update, but not its rollback', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    account.shop.status.base = 'stopped';
    const after = await account.settled();

    await account.resource.update(properties(kind, { shortenRetention: 'true' }));

    const stopped = `The ${kind} shop is stopped: it takes no changes, and that does not pass by itself. Start it, then try again.`;
    expect(ends()).toEqual([stopped, ['SUCCESS', stopped]]);
    expect(account.resource.answers.at(-1)).toMatchObject({
      PhysicalResourceId: account.resource.physicalId,
      Data: { ParameterGroupName: 'custom', PendingReboot: '', LogGroupName: LOG_GROUP },
    });
    expect(await account.settled()).toEqual(after);
  });

  test('a server that is gone ends an update, but not its rollback', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    account.rds.drop('shop');

    await account.resource.update(properties(kind, { shortenRetention: 'true' }));

    const gone = `RDS has no ${kind} shop in this account and region. Check the identifier and the region, then deploy again.`;
    expect(ends()).toEqual([gone, ['SUCCESS', gone]]);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
  });

  test('a group that needed no change, that others use by now and that was reset, is told in the rollback', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind], { log_statement: 'mod' });
    account.addShop(kind, 'custom');
    await account.resource.create(properties(kind));
    if (kind === 'cluster') account.rds.addCluster('late', 'custom');
    else account.rds.addInstance('late', 'custom');
    account.rds.groups.get(kind, 'custom').set.set('log_statement', 'ddl');

    await account.resource.update(properties(kind, { retentionInDays: '30' }));

    const refused = `The parameter group custom of the ${kind} shop is used by late too, whose statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY if that is wanted, or to COPY to give this ${kind} a copy (in force after a reboot), then deploy again.`;
    expect(ends()).toEqual([refused, ['SUCCESS', refused]]);
    expect(account.shop.group.set.get('log_statement')).toBe('ddl');
  });

  test('a log group that somebody masks otherwise by now ends an update, and a rollback puts back the rest', async () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    const wanted = properties(kind, { maskedDataIdentifiers: ['Name'] });
    await account.resource.create(wanted);
    account.world.logs.add(LOG_GROUP, { policy: '{"Name":"security-team"}' });

    await account.resource.update({ ...wanted, retentionInDays: '30' });

    const masked = `The log group ${LOG_GROUP} has a data protection policy already (security-team), which stays as it is. Add the identifiers there and leave them out here, then deploy again.`;
    expect(ends()).toEqual([masked, ['SUCCESS', masked]]);
    expect(account.world.logs.groupOf(LOG_GROUP)).toEqual({ policy: '{"Name":"security-team"}' });
    expect(account.shop.exports).toEqual(['postgresql']);
  });

  test('what a failed move left on another server goes, though the former one is stopped by now', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    if (kind === 'cluster') account.rds.addCluster('other', `default.${FAMILY[kind]}`);
    else account.rds.addInstance('other', `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    const id = account.resource.physicalId!;
    const [shop, other] = [properties(kind), properties(kind, { identifier: 'other' })];
    const before = JSON.stringify(await account.settled());
    await account.resource.updateTo(other, shop, id);
    account.shop.status.base = 'stopped';
    account.world.stacks.current = 'UPDATE_ROLLBACK_IN_PROGRESS';

    expect(await account.resource.updateTo(shop, other, id)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: id,
    });

    account.shop.status.base = 'available';
    expect(JSON.stringify(await account.settled())).toBe(before);
  });
});
