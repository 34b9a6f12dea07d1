import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind) => {
  const LOG_GROUP = `/aws/rds/${kind}/shop/postgresql`;
  const desired = (tags: Record<string, string>) => properties(kind, { tags, logRetention: '30' });
  /** The tags without the record. */
  const theirs = (tags: Iterable<readonly [string, string]>) =>
    Object.fromEntries([...tags].filter(([key]) => !key.startsWith('datafold:')));
  const ofGroup = () => theirs(account.shop.group.tags.map(({ Key, Value }) => [Key, Value] as const));
  const ofLog = () => theirs(Object.entries(account.environment.logs.tagsOf(LOG_GROUP)));

  beforeEach(() => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.environment.stacks.stackTags = { cost: 'shop', team: 'data', 'aws:cloudformation:x': 'y' };
  });

  test('parameter group and log group get the tags of the stack, which tags of the app override', async () => {
    const made: unknown[] = [];
    const { send } = account.rds;
    jest.spyOn(account.rds, 'send').mockImplementation(async (command) => {
      if (/^CreateDB/.test(command.constructor.name)) made.push(command.input);
      return send(command);
    });
    await account.resource.create(desired({ team: 'platform' }));
    expect(made).toEqual([
      expect.objectContaining({
        Tags: expect.arrayContaining([
          { Key: 'cost', Value: 'shop' },
          { Key: 'team', Value: 'platform' },
        ]) as object,
      }),
    ]);
    expect([ofGroup(), ofLog()]).toEqual(Array(2).fill({ cost: 'shop', team: 'platform' }));
    expect(account.shop.tags.filter(({ Key }) => !Key.startsWith('datafold:'))).toEqual([]);
  });

  test('an update sets the current tags and keeps tags of others', async () => {
    await account.resource.create(desired({ team: 'platform', old: 'yes' }));
    account.shop.group.tags.push({ Key: 'scanner', Value: 'seen' });
    await account.environment.logs.tag(LOG_GROUP, { scanner: 'seen' });
    await account.resource.update(desired({ team: 'shop', owner: 'me' }));
    const now = { cost: 'shop', team: 'shop', owner: 'me', scanner: 'seen' };
    expect([ofGroup(), ofLog()]).toEqual([now, now]);
  });

  test('an existing log group and an existing parameter group get no tags of the stack', async () => {
    account.environment.logs.add(LOG_GROUP);
    account.shop.group = account.rds.addGroup(kind, 'custom', FAMILY[kind]);
    await account.resource.create(desired({ team: 'platform' }));
    await account.resource.update(desired({ team: 'shop' }));
    expect([ofGroup(), ofLog()]).toEqual([{}, {}]);
  });

  test('sets the tags of the app if the stack can not be read', async () => {
    account.environment.faults.fail('cloudformation:DescribeStacks', 'ValidationError');
    expect((await account.resource.create(desired({ team: 'platform' }))).Status).toBe('SUCCESS');
    expect(ofGroup()).toEqual({ team: 'platform' });
  });

  test.each([
    [43, 'SUCCESS'],
    [44, 'FAILED'],
  ])('a server with %d tags of its own: %s, before anything is changed', async (count, status) => {
    account.shop.tags = Array.from({ length: count }, (_, i) => ({ Key: `tag-${i}`, Value: '' }));
    const before = await account.settled();
    const answer = await account.resource.create(properties(kind));
    expect(answer.Status).toBe(status);
    if (status === 'SUCCESS') return;
    expect(answer.Reason).toBe(
      `The ${kind} shop has 44 tags, and 7 more are needed for the record of its original settings; AWS allows 50. Nothing was changed. Remove 1 of its tags, then deploy again.`,
    );
    expect(account.rds.calls.filter((name) => /^(Create|Modify|Copy|AddTags)/.test(name))).toEqual([]);
    expect(await account.settled()).toEqual(before);
  });

  test('fails if the tags of the stack leave no room for the record', async () => {
    const many = Object.fromEntries(Array.from({ length: 46 }, (_, i) => [`tag-${i}`, '']));
    account.environment.stacks.stackTags = many;
    expect((await account.resource.create(properties(kind))).Reason).toMatch(
      /^The parameter group datafold-\S+ needs 52 tags: 46 of the stack and the app, 6 for the record of the original settings; AWS allows 50\. Remove 2 of them, then deploy again\.$/,
    );
  });
});
