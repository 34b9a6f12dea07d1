import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

/** A parameter group that is changed in place, a hand that changes it, and what a removal leaves. */
let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const NAME = 'log_statement';

describe.each(KINDS)('%s', (kind) => {
  const setUp = async (original: string | undefined) => {
    account.rds.addGroup(kind, 'theirs', FAMILY[kind]);
    account.addShop(kind, 'theirs');
    const { group } = account.shop;
    if (original !== undefined) group.set.set(NAME, original);
    await account.resource.create(properties(kind));
    expect(group.set.get(NAME)).toBe('mod');
    const byHand = (value: string | undefined) =>
      value === undefined ? group.set.delete(NAME) : group.set.set(NAME, value);
    const update = async (other = {}) => account.resource.update(properties(kind, other));
    return { now: () => group.set.get(NAME), byHand, update };
  };
  const record = () =>
    account.shop.tags.filter(({ Key }) => Key === `datafold:original:${NAME}`).map(({ Value }) => Value);
  const remove = async () => expect((await account.resource.remove()).Status).toBe('SUCCESS');

  test.each([
    ['none', 'ddl'],
    ['none', undefined],
    [undefined, 'ddl'],
    ['ddl', 'none'],
    ['ddl', 'all'],
  ])(
    'from %s, changed by hand to %s: a removal leaves that value, with or without an update in between',
    async (original, hand) => {
      const { now, byHand, update } = await setUp(original);
      byHand(hand);
      await remove();
      expect(now()).toBe(hand);

      await account.resource.create(properties(kind));
      byHand(hand);
      await update();
      expect(now()).toBe(hand === 'all' ? 'all' : 'mod');
      await remove();
      expect(now()).toBe(hand);
      expect(account.shop.tags).toEqual([]);
    },
  );

  test('an update reports the value that it replaces, and records it as the original one', async () => {
    const { byHand, update } = await setUp('none');
    expect(record()).toEqual(['from none to mod']);
    byHand('ddl');
    const { Data } = await update();
    expect((Data as { Notices: string }).Notices).toBe(
      'The parameter log_statement of the group theirs is ddl instead of mod.',
    );
    expect(record()).toEqual(['from ddl to mod']);
  });

  test('of several values that were set by hand, the last one is left', async () => {
    const { now, byHand, update } = await setUp('none');
    for (const value of ['ddl', 'none', 'ddl']) {
      byHand(value);
      await update();
      expect(now()).toBe('mod');
    }
    await remove();
    expect(now()).toBe('ddl');
  });

  test('a value that logs enough is no longer ours: a later value by hand is not replaced unless it is needed', async () => {
    const { now, byHand, update } = await setUp('none');
    byHand('all');
    await update();
    expect(record()).toEqual([]);
    byHand('mod');
    await update();
    await remove();
    expect(now()).toBe('mod');
  });

  test('an export that was turned off by hand is on after an update, and off after the removal', async () => {
    const { update } = await setUp('none');
    account.shop.exports = [];
    await update();
    expect(account.shop.exports).toEqual(['postgresql']);
    await remove();
    expect(account.shop.exports).toEqual([]);
  });

  test('the other parameter of this library is restored by the same rule', async () => {
    const { update } = await setUp('none');
    const length = 'log_parameter_max_length';
    const { group } = account.shop;
    await update({ logBindValues: 'false' });
    group.set.set(length, '100');
    await update({ logBindValues: 'false' });
    expect(group.set.get(length)).toBe('0');
    await update();
    expect(group.set.get(length)).toBe('100');
  });

  test('an update that fails and is rolled back keeps the value that was set by hand', async () => {
    const { now, byHand, update } = await setUp('none');
    byHand('ddl');
    const command = `Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`;
    account.rds.failures.push({ command, error: rdsError('InternalFailureX', 'no'), after: 0 });
    expect(await update({ logBindValues: 'false' })).toMatchObject({ Status: 'FAILED' });
    expect(now()).toBe('mod');
    await remove();
    expect(now()).toBe('ddl');
  });

  test('a retention that was set by hand is left by an update and by the removal, and the update says so', async () => {
    const name = `/aws/rds/${kind}/shop/postgresql`;
    account.environment.logs.add(name, { retentionInDays: 7 });
    const { update } = await setUp('none');
    await update({ logRetention: '30' });
    await account.environment.logs.setRetention(name, 3);
    const { Data } = await update({ logRetention: '60' });
    expect(account.environment.logs.groupOf(name)).toMatchObject({ retentionInDays: 3 });
    expect((Data as { Notices: string }).Notices).toBe(
      `The log group ${name} keeps a retention of 3 days, which was set outside of this deployment, instead of a retention of 60 days. To let deployments change it again, set a retention of 60 days.`,
    );
    await remove();
    expect(account.environment.logs.groupOf(name)).toEqual({ retentionInDays: 3 });
  });
});
