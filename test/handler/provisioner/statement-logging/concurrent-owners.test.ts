import type { StackResource } from '../support/stack';
import { Account } from './account';
import { FAMILY, KINDS, properties, type Properties } from './decision-table';

/** Two stacks are deployed at the same time: none loses the original settings that the other one records. */
let account: Account;
let first: StackResource<Properties>;
let second: StackResource<Properties>;

beforeEach(async () => {
  account = await Account.open();
  [first, second] = [account.resource, account.another()];
});
afterEach(async () => account.environment.stop());

async function succeed(answer: Promise<{ Status: string; Reason?: string }>): Promise<void> {
  const { Status, Reason } = await answer;
  expect({ Status, Reason }).toEqual({ Status: 'SUCCESS', Reason: undefined });
}

describe.each(KINDS)('%s', (kind) => {
  const desired = (more: Partial<Properties> = {}) => properties(kind, more);
  const desiredBySecond = (more: Partial<Properties> = {}) =>
    properties(kind, { newGroupName: 'datafold-second-9f8e7d6c', ...more });

  beforeEach(() => {
    account.rds.addGroup(kind, 'custom', FAMILY[kind], { work_mem: '4096' });
    account.addShop(kind, 'custom');
  });

  /** Does what another stack does just before RDS answers a command. */
  function meanwhile(command: RegExp, work: () => void): void {
    const { send } = account.rds;
    let isDone = false;
    jest.spyOn(account.rds, 'send').mockImplementation(async (request) => {
      if (!isDone && command.test(request.constructor.name)) {
        isDone = true;
        work();
      }
      return send(request);
    });
  }

  test('the last of two owners that were created at the same time restores the server', async () => {
    const before = await account.settled();
    await first.create(desired());
    const { tags, group, exports } = account.shop;
    await first.remove();
    meanwhile(/^DescribeDB(Cluster)?Parameters/, () => {
      Object.assign(account.shop, { tags, exports });
      group.set.set('log_statement', 'mod');
    });
    await succeed(second.create(desiredBySecond()));
    await succeed(first.remove());
    expect(group.set.get('log_statement')).toBe('mod');
    await succeed(second.remove());
    expect(await account.settled()).toEqual(before);
  });

  test('keeps the original key that another owner recorded in the meantime', async () => {
    const { logs } = account.environment;
    const name = `/aws/rds/${kind}/shop/postgresql`;
    const [KEY, theirs] = ['mine', 'theirs'].map((key) => `arn:aws:kms:us-east-1:111122223333:key/${key}`);
    logs.add(name, { kmsKeyArn: theirs });
    await first.create(desired({ logRetention: '30', logEncryptionKey: KEY }));
    const [{ tags, exports }, ofLog] = [account.shop, logs.tagsOf(name)];
    await first.remove();
    meanwhile(/^ModifyDB(Cluster|Instance)Command/, () => {
      const ofSecond = account.shop.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
      Object.assign(account.shop, { tags: [...tags, ...ofSecond], exports });
      void logs.tag(name, ofLog);
      void logs.setKey(name, KEY);
    });
    await succeed(second.create(desiredBySecond({ logRetention: '30' })));
    await succeed(first.remove());
    expect(logs.groupOf(name)).toEqual({ retentionInDays: 30, kmsKeyArn: theirs });
    await succeed(second.remove());
    expect(logs.groupOf(name)).toEqual({ kmsKeyArn: theirs });
  });

  test('a removal keeps the record for an owner that was created in the meantime', async () => {
    const before = await account.settled();
    await first.create(desired());
    await second.create(desiredBySecond());
    const { tags } = account.shop;
    await second.remove();
    meanwhile(/^ResetDB(Cluster)?ParameterGroup/, () => (account.shop.tags = tags));
    await succeed(first.remove());
    await succeed(second.update(desiredBySecond({ shortenLogRetention: 'true' })));
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
    await succeed(second.remove());
    expect(await account.settled()).toEqual(before);
  });
});
