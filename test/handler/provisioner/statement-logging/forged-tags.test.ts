import type { ReconcileTask } from '../../../../lib/private/wire/tasks';
import { PROPERTIES, setUpAccess } from '../support/access';
import { STACK_ID } from '../support/stack';
import { Account } from './account';
import { FAMILY, KINDS, properties, type Kind, type Properties } from './decision-table';

/** Whoever may tag a server, and nothing else, must not decide which parameter groups and log settings there are afterwards. */
let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

type Tagged = { tags: { Key: string; Value: string }[] };

/** As rds:AddTagsToResource does. */
function addTags(target: Tagged, facts: Record<string, string>): void {
  const prefix = /^datafold:[0-9a-f]{16}:/.exec(account.shop.tags.map(({ Key }) => Key).sort()[0])![0];
  const forged = Object.entries(facts).map(([name, Value]) => ({ Key: prefix + name, Value }));
  const keys = forged.map(({ Key }) => Key);
  target.tags = [...target.tags.filter(({ Key }) => !keys.includes(Key)), ...forged];
}

const doubts = () =>
  account.environment.log
    .filter(({ message }) => message === 'left alone: the record is not believed')
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
  /** Those that the tags point to: neither may be given to the server, changed or deleted. */
  const others = { 'attackers-group': undefined, 'payments-prod': 'mod', 'datafold-other-0a1b2c3d': 'mod' };
  const forged = {
    'former-group': 'attackers-group',
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

  test('a removal gives the server back the default group, whatever the tags of the server name', async () => {
    await addShop('default');
    addTags(account.shop, forged);
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
    expect(account.shop.tags).toEqual([]);
    expect(doubts()).toEqual([
      `The tags of the ${kind} shop say that log_statement was changed in the parameter group payments-prod, which the ${kind} does not have now: that group is left alone. If nothing else needs the setting there, reset it.`,
    ]);
  });

  test('a removal that finds another former group in the tags of the server than in those of the copy asks a person', async () => {
    await addShop('shared', { sharedParameterGroup: 'copy' });
    const copy = account.shop.group;
    addTags(account.shop, { 'former-group': 'attackers-group' });
    const answer = await account.resource.remove();
    expect([answer.Status, answer.Reason]).toEqual([
      'FAILED',
      `The tags of the ${kind} shop say that its parameter group was attackers-group before ${copy.name} was made for it; the tags of ${copy.name}, written at the same time, do not say that. Somebody changed one of them, so neither is believed. Find the right group in CloudTrail (ModifyDB${kind === 'cluster' ? 'Cluster' : 'Instance'}), give it to the ${kind} shop, then delete again.`,
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
      addTags(account.shop, { 'own-group': name, 'former-group': 'attackers-group' });
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
      expect(doubts()).toEqual([
        `The tags of the ${kind} shop say that the parameter group ${name} was made for it, which it was not: that group is left alone.`,
      ]);
      expect(made).toMatch(/^datafold-/);
    },
  );

  test('a group of the server, which the tags call made, is not replaced', async () => {
    await addShop('custom');
    addTags(account.shop, { 'own-group': 'custom', 'former-group': 'attackers-group' });
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect([account.shop.group.name, groups()]).toEqual(['custom', { ...others, custom: undefined }]);
  });

  test.each(['copy', 'modify'] as const)(
    'neither an update nor the removal after it follows forged tags: %s',
    async (sharedParameterGroup) => {
      await addShop('shared', { sharedParameterGroup });
      const { name } = account.shop.group;
      addTags(account.shop, { ...forged, 'own-group': 'payments-prod' });
      const answer = await account.resource.update(desired({ sharedParameterGroup, retentionInDays: '30' }));
      expect([answer.Status, account.shop.group.name]).toEqual(['SUCCESS', name]);
      expect(groups()).toMatchObject({ ...others, [name]: 'mod' });
      expect(answer.Data?.Notices).toContain(
        `The tags of the ${kind} shop say that the parameter group payments-prod was made for it, which it was not: that group is left alone.`,
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

  test('a failed Create, whose tags somebody changes before its Delete, gives no other group', async () => {
    account.addShop(kind, byDefault);
    account.rds.forbidden.add(`Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`);
    await account.resource.send({ RequestType: 'Create', ResourceProperties: desired() });
    account.rds.forbidden.clear();
    addTags(account.shop, forged);
    await account.resource.delete('datafold-not-created/0123456789abcdef', desired());
    expect([account.shop.group.name, groups()]).toEqual([byDefault, others]);
  });

  test('reconcile tells of forged tags, and its repair does not follow them', async () => {
    await setUpAccess(account.environment).resource.create(PROPERTIES);
    await addShop('default');
    const { name } = account.shop.group;
    addTags(account.shop, forged);
    const task: ReconcileTask = {
      datafoldTask: 'reconcile',
      stackId: STACK_ID,
      logicalResourceId: 'Access',
      properties: PROPERTIES,
      repair: 'true',
      serverName: 'shop',
      statementLogging: { logicalResourceId: 'Logging', properties: desired() },
    };
    await account.environment.tasks(task);
    expect(account.environment.log.filter(({ message }) => message === 'finding')).toEqual([
      expect.objectContaining({
        kind: 'drift',
        finding: `The tags of the ${kind} shop say that log_statement was changed in the parameter group payments-prod, which the ${kind} does not have now: that group is left alone. If nothing else needs the setting there, reset it.`,
      }),
    ]);
    expect([account.shop.group.name, groups()]).toEqual([name, { ...others, [name]: 'mod' }]);
  });

  test('a value that PostgreSQL does not know is no record', async () => {
    await addShop('custom');
    addTags(account.shop, { log_statement: 'from whatever to mod' });
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(groups()).toEqual({ ...others, custom: 'mod' });
  });

  describe('what the tags of the server say of the log group', () => {
    const KEY = 'arn:aws:kms:us-east-1:111122223333:key/mine';
    const theirs = { 'log-group': 'found retention=1 key=arn:aws:kms:us-east-1:999999999999:key/theirs' };
    const settings = { retentionInDays: '30', kmsKeyArn: KEY };

    beforeEach(async () => {
      account.environment.logs.add(LOG_GROUP, { retentionInDays: 14 });
      await addShop('default', settings);
    });

    test('counts where the tags of the log group say the same', async () => {
      await account.resource.remove();
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 14 });
      expect(account.environment.logs.tagsOf(LOG_GROUP)).toEqual({});
    });

    test('neither shortens the retention nor brings in a key on its own', async () => {
      addTags(account.shop, theirs);
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 30 });
      expect(doubts()).toEqual([
        `A tag says that the log group ${LOG_GROUP} had a retention of 1 days before, which nothing else confirms: that is not put back.`,
        `A tag says that the log group ${LOG_GROUP} had the key arn:aws:kms:us-east-1:999999999999:key/theirs before, which nothing else confirms: that is not put back.`,
      ]);
    });

    test('does not become a fact by an update in between', async () => {
      addTags(account.shop, theirs);
      await account.resource.update(desired({ ...settings, shortenRetention: 'true' }));
      await account.resource.update(desired());
      await account.resource.remove();
      expect(account.environment.logs.groupOf(LOG_GROUP)).toEqual({ retentionInDays: 30 });
    });
  });
});
