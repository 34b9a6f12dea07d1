import { rdsError } from '../../../support/fake-rds/errors';
import type { StackResource } from '../support/stack';
import { Account } from './account';
import { arrange, CASES, FAMILY, KINDS, properties, type Properties } from './decision-table';

let account: Account;
let first: StackResource<Properties>;
let second: StackResource<Properties>;

beforeEach(async () => {
  account = await Account.open();
  [first, second] = [account.resource, account.another()];
});
afterEach(async () => account.environment.stop());

const SECOND = { newGroupName: 'datafold-second-9f8e7d6c' };
const bindValues = () => account.shop.group.set.get('log_parameter_max_length');

async function succeed(answer: Promise<{ Status: string; Reason?: string }>): Promise<void> {
  const { Status, Reason } = await answer;
  expect({ Status, Reason }).toEqual({ Status: 'SUCCESS', Reason: undefined });
}

describe.each(CASES)('%s, %s', (_, kind, row) => {
  test.each([
    ['first', () => [first, second]],
    ['last', () => [second, first]],
  ] as const)(
    'the owner that was created first and is removed %s keeps what the other owner needs',
    async (_when, order) => {
      arrange(account, kind, row);
      const before = await account.settled();
      await succeed(first.create(properties(kind, row.props)));
      await succeed(second.create(properties(kind, { ...row.props, ...SECOND })));
      const both = await account.settled();
      const [goes, stays] = order();

      await succeed(goes.remove());
      expect(account.shop.group.set.get('log_statement')).toBe(row.logStatement);
      expect(account.shop.exports).toEqual(['postgresql']);
      expect(withoutTags(await account.settled())).toEqual(withoutTags(both));

      await succeed(stays.update({ ...stays.properties!, shortenLogRetention: 'true' }));
      expect(withoutTags(await account.settled())).toEqual(withoutTags(both));
      await succeed(stays.remove());
      expect(await account.settled()).toEqual(before);
    },
  );
});

describe.each(KINDS)('%s', (kind) => {
  const desired = (more: Partial<Properties> = {}) => properties(kind, more);
  const desiredBySecond = (more: Partial<Properties> = {}) => properties(kind, { ...SECOND, ...more });
  const withoutBindValues = { logBindValues: 'false' } as const;
  const withGroup = () => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind], { work_mem: '4096' });
    account.addShop(kind, 'custom');
  };

  test.each([
    ['a group of the server', withGroup],
    ['a group of ours', () => account.addShop(kind, `default.${FAMILY[kind]}`)],
  ])('bind values stay out of the log as long as one owner requests that: %s', async (_name, make) => {
    make();
    const before = await account.settled();
    await first.create(desired(withoutBindValues));
    await second.create(desiredBySecond(withoutBindValues));
    await succeed(first.remove());
    expect(bindValues()).toBe('0');
    await succeed(first.create(desired()));
    expect(bindValues()).toBe('0');
    await succeed(second.remove());
    expect(bindValues()).toBeUndefined();
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    await succeed(first.remove());
    expect(await account.settled()).toEqual(before);
  });

  test('an owner that no longer requests a setting keeps it for the other owner', async () => {
    withGroup();
    await first.create(desired(withoutBindValues));
    await second.create(desiredBySecond(withoutBindValues));
    await succeed(first.update(desired()));
    expect(bindValues()).toBe('0');
  });

  test('the retention that both owners request stays until the last one is removed', async () => {
    withGroup();
    const name = `/aws/rds/${kind}/shop/postgresql`;
    const retention = () => account.environment.logs.groupOf(name)?.retentionInDays;
    account.environment.logs.add(name);
    await first.create(desired({ logRetention: '30' }));
    await second.create(desiredBySecond({ logRetention: '30' }));
    await succeed(first.remove());
    expect(retention()).toBe(30);
    await succeed(second.remove());
    expect(retention()).toBeUndefined();
  });

  test('the retention that only one owner requests is restored when that owner is removed', async () => {
    withGroup();
    const name = `/aws/rds/${kind}/shop/postgresql`;
    account.environment.logs.add(name);
    await first.create(desired({ logRetention: '30' }));
    await second.create(desiredBySecond());
    await succeed(first.remove());
    expect(account.environment.logs.groupOf(name)?.retentionInDays).toBeUndefined();
  });

  test('an owner does not set the key that only another owner requests, for which it may lack the permission', async () => {
    withGroup();
    const { logs } = account.environment;
    const name = `/aws/rds/${kind}/shop/postgresql`;
    logs.add(name);
    await second.create(desiredBySecond({ logEncryptionKey: 'arn:aws:kms:us-east-1:111122223333:key/mine' }));
    await logs.setKey(name); // by hand
    account.environment.faults.fail('logs:AssociateKmsKey', 'AccessDenied');
    await succeed(first.create(desired({ logRetention: '30' })));
    expect(logs.groupOf(name)).toEqual({ retentionInDays: 30 });
  });

  test('key and masking that both owners request stay until the last one is removed', async () => {
    withGroup();
    const name = `/aws/rds/${kind}/shop/postgresql`;
    const requested = {
      logEncryptionKey: 'arn:aws:kms:us-east-1:111122223333:key/mine',
      maskedData: ['Name'],
    };
    account.environment.logs.add(name);
    await first.create(desired(requested));
    await second.create(desiredBySecond(requested));
    await succeed(first.remove());
    expect(account.environment.logs.groupOf(name)).toEqual({
      kmsKeyArn: requested.logEncryptionKey,
      policy: expect.any(String) as string,
    });
    await succeed(second.remove());
    expect(account.environment.logs.groupOf(name)).toEqual({});
  });

  test('the last owner keeps the retention of a log group that another owner created, so that its events expire', async () => {
    withGroup();
    const name = `/aws/rds/${kind}/shop/postgresql`;
    await first.create(desired({ logRetention: '30' }));
    await second.create(desiredBySecond({ logRetention: '30' }));
    await succeed(first.remove());
    await succeed(second.remove());
    expect(account.environment.logs.groupOf(name)).toEqual({ retentionInDays: 30 });
  });

  describe('if another group was associated with the server', () => {
    const theirs = (set: Record<string, string>) =>
      (account.shop.group = account.rds.addGroup(kind, 'theirs', FAMILY[kind], set));
    const custom = () => account.rds.groups.get(kind, 'custom').set.get('log_statement');

    const logged = (step: string) =>
      account.environment.log.filter(({ message, doubt }) => message === step && doubt !== undefined);

    test('the changes in the previous group remain and are logged, since only tags record them', async () => {
      withGroup();
      await first.create(desired());
      await second.create(desiredBySecond());
      theirs({ log_statement: 'all' });
      await succeed(first.remove());
      expect(custom()).toBe('mod');
      expect(logged('not restored: the record is not confirmed')[0]).toMatchObject({
        doubt: `The tags of the ${kind} shop say that log_statement was changed in the parameter group custom, which the ${kind} no longer uses: the parameter group is not changed. If nothing else needs the setting there, reset it.`,
      });
      await succeed(second.remove());
      expect(account.shop.group.set.get('log_statement')).toBe('all');
    });
  });

  test('the last owner restores what the first one changed in a group that was associated since', async () => {
    withGroup();
    await second.create(desiredBySecond());
    account.shop.group = account.rds.addGroup(kind, 'theirs', FAMILY[kind]);
    await first.create(desired());
    await succeed(first.remove());
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    await succeed(second.remove());
    expect([account.shop.group.name, account.shop.group.set.get('log_statement')]).toEqual([
      'theirs',
      undefined,
    ]);
  });

  test('the rollback of a failed Create keeps what the other owner needs', async () => {
    withGroup();
    await first.create(desired());
    const alone = await account.settled();
    const command = `Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`;
    account.rds.failures.push({ command, error: rdsError('Strange', 'no'), after: 0 });
    expect((await second.create(desiredBySecond(withoutBindValues))).Status).toBe('FAILED');
    expect(await account.settled()).toEqual(alone);
  });

  test('an interrupted removal continues where it stopped', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    const before = await account.settled();
    await first.create(desired(withoutBindValues));
    await second.create(desiredBySecond());
    const command = `Reset${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`;
    account.rds.failures.push({ command, error: rdsError('Strange', 'no'), after: 0 });
    expect((await first.remove()).Status).toBe('FAILED');
    await succeed(first.remove());
    expect(bindValues()).toBeUndefined();
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    await succeed(second.remove());
    expect(await account.settled()).toEqual(before);
  });
});

function withoutTags(snapshot: unknown): unknown {
  return JSON.parse(JSON.stringify(snapshot, (key, value: unknown) => (key === 'tags' ? undefined : value)));
}
