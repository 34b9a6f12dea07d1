import { PROPERTIES, setUpAccess } from '../support/access';
import { reconcileTask } from '../support/reconcile';
import { Account } from './account';
import { FAMILY, KINDS, properties, type Kind, type Properties } from './decision-table';

/** The permission to tag a server must not be enough to choose parameter groups or log settings. */
let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

type Tagged = { tags: { Key: string; Value: string }[] };

/** As rds:AddTagsToResource does. */
function addTags(target: Tagged, facts: Record<string, string>): void {
  const forged = Object.entries(facts).map(([name, Value]) => ({ Key: `datafold:original:${name}`, Value }));
  const keys = forged.map(({ Key }) => Key);
  target.tags = [...target.tags.filter(({ Key }) => !keys.includes(Key)), ...forged];
}

const doubts = () =>
  account.environment.log
    .filter(({ message }) => message === 'not restored: the record is not confirmed')
    .map(({ doubt }) => doubt);

describe.each(KINDS)('%s', (kind) => {
  const byDefault = `default.${FAMILY[kind]}`;
  const LOG_GROUP = `/aws/rds/${kind}/shop/postgresql`;
  const desired = (more: Partial<Properties> = {}) => properties(kind, more);
  const groups = () =>
    Object.fromEntries(
      account.rds.groups.all
        .filter(({ name }) => !name.startsWith('default.'))
        .map(({ name, set }) => [name, set.get('log_statement')]),
    );
  /** The groups that the forged tags name: they must not be associated, changed or deleted. */
  const others = { 'attackers-group': undefined, 'payments-prod': 'mod', 'datafold-other-0a1b2c3d': 'mod' };
  const forged = {
    group: 'attackers-group',
    'changed-group': 'payments-prod',
    log_statement: 'from none to mod',
  };

  beforeEach(() => {
    for (const [name, value] of Object.entries(others))
      account.rds.addGroup(kind, name, FAMILY[kind], value ? { log_statement: value } : {});
  });

  async function addShop(before: 'default' | 'custom' | 'shared', props: Partial<Properties> = {}) {
    if (before !== 'default') account.rds.addGroup(kind, 'custom', FAMILY[kind], { work_mem: '4096' });
    account.addShop(kind, before === 'default' ? byDefault : 'custom');
    if (before === 'shared') addAnother(kind);
    expect((await account.resource.create(desired(props))).Status).toBe('SUCCESS');
    account.environment.lines.length = 0;
  }

  function addAnother(of: Kind) {
    if (of === 'cluster') account.rds.addCluster('other', 'custom');
    else account.rds.addInstance('other', 'custom');
  }

  test('a removal restores the default group, whatever group the tags of the server name', async () => {
    await addShop('default');
    addTags(account.shop, forged);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
    expect(account.shop.tags).toEqual([]);
    expect(doubts()).toEqual([
      `The tags of the ${kind} shop say that log_statement was changed in the parameter group payments-prod, which the ${kind} no longer uses: the parameter group is not changed. If nothing else needs the setting there, reset it.`,
    ]);
  });

  test('a removal fails if the tags of server and copy name different original groups', async () => {
    await addShop('shared', { sharedParameterGroup: 'copy' });
    const copy = account.shop.group;
    addTags(account.shop, { group: 'attackers-group' });
    const answer = await account.resource.remove();
    expect([answer.Status, answer.Reason]).toEqual([
      'FAILED',
      `The tags of the ${kind} shop say that its parameter group was attackers-group before ${copy.name} was created for it; the tags of ${copy.name}, written at the same time, say something else. One of them was changed, so neither is trusted. Find the right group in CloudTrail (ModifyDB${kind === 'cluster' ? 'Cluster' : 'Instance'}), give it to the ${kind} shop, then delete again.`,
    ]);
    expect([account.shop.group, groups()]).toEqual([
      copy,
      { ...others, custom: undefined, [copy.name]: 'mod' },
    ]);
    // As the message says:
    account.shop.group = account.rds.groups.get(kind, 'custom');
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual(['custom', { ...others, custom: undefined }]);
  });

  test.each(['payments-prod', 'datafold-other-0a1b2c3d'])(
    'a removal does not take the group %s, which the tags of the server call its own, for one that was made',
    async (name) => {
      await addShop('default');
      const made = account.shop.group.name;
      addTags(account.shop, { 'created-group': name, group: 'attackers-group' });
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
      expect(doubts()).toEqual([
        `The tags of the ${kind} shop say that the parameter group ${name} was created for it, but nothing confirms that: the parameter group is not changed.`,
      ]);
      expect(made).toMatch(/^datafold-/);
    },
  );

  test('a removal keeps a group that only the tags of the server call created', async () => {
    await addShop('custom');
    addTags(account.shop, { 'created-group': 'custom', group: 'attackers-group' });
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual(['custom', { ...others, custom: undefined }]);
  });

  test.each(['copy', 'modify'] as const)(
    'neither an update nor the removal after it follows forged tags: %s',
    async (sharedParameterGroup) => {
      await addShop('shared', { sharedParameterGroup });
      const { name } = account.shop.group;
      addTags(account.shop, { ...forged, 'created-group': 'payments-prod' });
      const answer = await account.resource.update(desired({ sharedParameterGroup, logRetention: '30' }));
      expect([answer.Status, account.shop.group.name]).toEqual(['SUCCESS', name]);
      expect(groups()).toMatchObject({ ...others, [name]: 'mod' });
      expect(answer.Data?.Notices).toContain(
        `The tags of the ${kind} shop say that the parameter group payments-prod was created for it, but nothing confirms that: the parameter group is not changed.`,
      );
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect([account.shop.group.name, groups()]).toMatchObject(['custom', others]);
    },
  );

  test('the rollback of an update does not follow forged tags', async () => {
    await addShop('default');
    addTags(account.shop, forged);
    account.rds.forbidden.add(`Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`);
    await account.resource.update(desired({ logBindValues: 'false' }));
    account.rds.forbidden.clear();
    expect(groups()).toMatchObject(others);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
  });

  test('the Delete of a failed Create associates no group from tags that changed in between', async () => {
    account.addShop(kind, byDefault);
    account.rds.forbidden.add(`Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`);
    await account.resource.send({ RequestType: 'Create', ResourceProperties: desired() });
    account.rds.forbidden.clear();
    addTags(account.shop, forged);
    await account.resource.delete('datafold-not-created/0123456789abcdef', desired());
    expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
  });

  test('reconcile reports forged tags, and its repair ignores them', async () => {
    await setUpAccess(account.environment).resource.create(PROPERTIES);
    await addShop('default');
    const { name } = account.shop.group;
    addTags(account.shop, forged);
    const statementLogging = { logicalResourceId: 'Logging', properties: desired() };
    await account.environment.tasks(reconcileTask({ statementLogging }));
    expect(account.environment.log.filter(({ message }) => message === 'finding')).toEqual([
      expect.objectContaining({
        kind: 'drift',
        finding: `The tags of the ${kind} shop say that log_statement was changed in the parameter group payments-prod, which the ${kind} no longer uses: the parameter group is not changed. If nothing else needs the setting there, reset it.`,
      }),
    ]);
    expect([account.shop.group.name, groups()]).toEqual([name, { ...others, [name]: 'mod' }]);
  });

  test('a tag with an invalid parameter value is ignored', async () => {
    await addShop('custom');
    addTags(account.shop, { log_statement: 'from whatever to mod' });
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(groups()).toEqual({ ...others, custom: 'mod' });
  });

  test('a record that was in the tags of the log group before the Create does not shorten the retention', async () => {
    const { logs } = account.environment;
    logs.add(LOG_GROUP, { retentionInDays: 14 });
    await logs.tag(LOG_GROUP, {
      'datafold:original:log-group': 'found retention=1',
      'datafold:0123456789abcdef:needs': 'statements retention=1',
    });
    await addShop('default', { logRetention: '30' });
    await account.resource.remove();
    expect(logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 14 });
  });

  describe('the record of the log group in the tags of the server', () => {
    const KEY = 'arn:aws:kms:us-east-1:111122223333:key/mine';
    const theirs = { 'log-group': 'found retention=1 key=arn:aws:kms:us-east-1:999999999999:key/theirs' };
    const settings = { logRetention: '30', logEncryptionKey: KEY };

    beforeEach(async () => {
      account.environment.logs.add(LOG_GROUP, { retentionInDays: 14 });
      await addShop('default', settings);
    });

    test('is used if the tags of the log group confirm it', async () => {
      await account.resource.remove();
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 14 });
      expect(account.environment.logs.tagsOf(LOG_GROUP)).toEqual({});
    });

    test('neither shortens the retention nor sets a key without confirmation', async () => {
      addTags(account.shop, theirs);
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 30 });
      expect(doubts()).toEqual([
        `A tag says that the log group ${LOG_GROUP} had a retention of 1 days before, but nothing else confirms that: it is not restored.`,
        `A tag says that the log group ${LOG_GROUP} had the key arn:aws:kms:us-east-1:999999999999:key/theirs before, but nothing else confirms that: it is not restored.`,
      ]);
    });

    test('names no other owner for whom the retention is shortened or a key is set', async () => {
      const Value = 'statements retention=1 shorten key=arn:aws:kms:us-east-1:999999999999:key/theirs';
      account.shop.tags.push({ Key: 'datafold:0123456789abcdef:needs', Value });
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 30, kmsKeyArn: KEY });
    });

    test('stays unconfirmed after an update', async () => {
      addTags(account.shop, theirs);
      await account.resource.update(desired({ ...settings, shortenLogRetention: 'true' }));
      await account.resource.update(desired());
      await account.resource.remove();
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 30 });
    });
  });
});
