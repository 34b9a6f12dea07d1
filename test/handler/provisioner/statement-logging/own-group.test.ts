import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { FAMILY, KINDS, properties, type Kind } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const add = (kind: Kind, name: string, group: string) =>
  kind === 'cluster' ? account.rds.addCluster(name, group) : account.rds.addInstance(name, group);

describe.each(KINDS)('%s', (kind) => {
  const copy = properties(kind, { sharedParameterGroup: 'copy' });
  const [thing, what] =
    kind === 'cluster' ? ['DBCluster', 'cluster parameter group'] : ['DB', 'parameter group'];
  const ofShop = () => account.shop.group;

  /** The server has a copy of the group `first`; then its owner associates `second`. */
  async function regroup() {
    account.rds.addGroup(kind, 'first', FAMILY[kind], { work_mem: '1' });
    account.rds.addGroup(kind, 'second', FAMILY[kind], { work_mem: '2' });
    account.addShop(kind, 'first');
    add(kind, 'one', 'first');
    add(kind, 'two', 'second');
    await account.resource.create(copy);
    const made = ofShop();
    account.shop.group = account.rds.groups.get(kind, 'second');
    return made;
  }

  test('the copy is replaced by a copy of another group as soon as RDS allows deleting it', async () => {
    const ownGroup = await regroup();
    ownGroup.releasedAt = account.environment.clock.now();
    expect((await account.resource.update({ ...copy, shortenLogRetention: 'true' })).Status).toBe('SUCCESS');
    expect([ofShop().name, ofShop().set.get('work_mem')]).toEqual([ownGroup.name, '2']);
  });

  test('a previous copy that other servers use fails the update with their names, and the rollback reports them', async () => {
    const ownGroup = await regroup();
    add(kind, 'theirs', ownGroup.name);
    const used = `The ${kind} shop needs a new parameter group ${ownGroup.name}, but a group of that name exists and is used by theirs. Give what uses it another parameter group, or delete it, then deploy again.`;
    expect((await account.resource.update({ ...copy, shortenLogRetention: 'true' })).Reason).toBe(used);
    expect(account.resource.answers.at(-1)).toMatchObject({
      Status: 'SUCCESS',
      Data: { Notices: expect.stringContaining(used) as string },
    });
    expect(ofShop().name).toBe('second');
    expect(ownGroup.set.get('work_mem')).toBe('1');
  });

  test('an unused previous copy that other servers use does not fail the update', async () => {
    const ownGroup = await regroup();
    add(kind, 'theirs', ownGroup.name);
    account.rds.groups.get(kind, 'second').set.set('log_statement', 'mod');
    expect((await account.resource.update({ ...copy, shortenLogRetention: 'true' })).Status).toBe('SUCCESS');
    expect(ofShop().name).toBe('second');
  });

  test('uses a group that was created although the response was lost', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    const { send } = account.rds;
    let lost = false;
    jest.spyOn(account.rds, 'send').mockImplementation(async (command) => {
      const answer = await send(command);
      if (lost || command.constructor.name !== `Create${thing}ParameterGroupCommand`) return answer;
      lost = true;
      throw rdsError('InternalFailure', 'An internal error has occurred');
    });
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    expect([lost, ofShop().set.get('log_statement')]).toEqual([true, 'mod']);
  });

  test('rejects a group of the same name that somebody else creates at the same moment', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    const { name } = ofShop();
    await account.resource.remove();
    const { send } = account.rds;
    jest.spyOn(account.rds, 'send').mockImplementation(async (command) => {
      if (command.constructor.name === `Create${thing}ParameterGroupCommand`)
        account.rds.addGroup(kind, name, FAMILY[kind]);
      return send(command);
    });
    const { Reason } = await account.resource.create(properties(kind));
    expect(Reason).toBe(
      `rds:Create${thing}ParameterGroup on ${what} ${name} failed with DBParameterGroupAlreadyExists: Parameter group ${name} already exists. Deploy again; if the failure persists, find the code in the AWS documentation.`,
    );
    expect(ofShop().name).toBe(`default.${FAMILY[kind]}`);
  });
});

test('after a blue/green upgrade to another major version, names the old cluster that uses the group', async () => {
  account.addShop('cluster', 'default.aurora-postgresql15');
  await account.resource.create(properties('cluster'));
  const { name } = account.shop.group;
  account.rds.addCluster('shop-old1', name);
  account.shop.group = account.rds.groups.get('cluster', 'default.aurora-postgresql16');
  const { Reason } = await account.resource.update(properties('cluster', { shortenLogRetention: 'true' }));
  expect(Reason).toBe(
    `The cluster shop needs a new parameter group ${name}, but a group of that name exists and is used by shop-old1. Give what uses it another parameter group, or delete it, then deploy again.`,
  );
  account.rds.drop('shop-old1');
  expect((await account.resource.update(properties('cluster', { shortenLogRetention: 'true' }))).Status).toBe(
    'SUCCESS',
  );
  expect(account.shop.group).toMatchObject({ name, family: 'aurora-postgresql16' });
});
