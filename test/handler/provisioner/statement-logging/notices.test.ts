import { Account } from './account';
import { properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const tagStack = () => account.shop.tags.push({ Key: 'aws:cloudformation:stack-name', Value: 'ShopStack' });

test('warns that the stack of a cluster will restore its own parameter group', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  tagStack();
  const { Data } = await account.resource.create(properties('cluster', { rebootPolicy: 'if-pending' }));
  expect(Data?.Notices).toBe(
    'The cluster shop belongs to the CloudFormation stack ShopStack: its next update of the cluster restores its own parameter group, which ends the statement logging. Use StatementLogging in the app of that stack instead.',
  );
});

test('warns that the stack of a server may end the statement logging', async () => {
  account.rds.addGroup('instance', 'custom', 'postgres16');
  account.addShop('instance', 'custom');
  tagStack();
  const { Data } = await account.resource.create(properties('instance'));
  expect(Data?.Notices).toBe(
    'The instance shop belongs to the CloudFormation stack ShopStack: a change of the parameter group or the log exports in that stack may end the statement logging. Use StatementLogging in the app of that stack if you can.',
  );
});

test('an update after the other stack restored its group reports that and associates its own group again', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const props = properties('cluster', { rebootPolicy: 'if-pending' });
  const before = await account.settled();
  await account.resource.create(props);
  const ours = account.shop.group;
  account.shop.group = account.rds.groups.get('cluster', 'default.aurora-postgresql16');
  const { Data } = await account.resource.update({ ...props, shortenLogRetention: 'true' });
  expect(Data).toMatchObject({
    ParameterGroupName: ours.name,
    Notices: `The parameter group is default.aurora-postgresql16 instead of ${ours.name}.`,
  });
  await account.resource.remove();
  expect(await account.settled()).toEqual(before);
});

test('an update reports that log_statement and the export were changed', async () => {
  account.rds.addGroup('cluster', 'custom', 'aurora-postgresql16');
  account.addShop('cluster', 'custom');
  await account.resource.create(properties('cluster'));
  account.shop.group.set.set('log_statement', 'none');
  account.shop.exports = [];
  const { Data } = await account.resource.update(properties('cluster', { shortenLogRetention: 'true' }));
  expect(Data?.Notices).toBe(
    'The parameter log_statement of the group custom is none instead of mod. The log postgresql of shop is not exported to CloudWatch.',
  );
  await account.resource.remove();
  expect(account.shop.group.set.get('log_statement')).toBe('none');
});

test('a new setting is not reported as drift', async () => {
  account.addShop('cluster', 'default.aurora-postgresql16');
  const props = properties('cluster', { rebootPolicy: 'if-pending' });
  await account.resource.create(props);
  const { Data } = await account.resource.update({ ...props, logBindValues: 'false' });
  expect(Data?.Notices).toBe('');
});

test('reports the group of an instance that overrides the group of the cluster', async () => {
  account.rds.addGroup('cluster', 'custom', 'aurora-postgresql16');
  account.addShop('cluster', 'custom');
  const loud = account.rds.addGroup('instance', 'loud', 'aurora-postgresql16', { log_statement: 'all' });
  const quiet = account.rds.addGroup('instance', 'quiet', 'aurora-postgresql16', { log_statement: 'none' });
  account.rds.instances.get('shop-two')!.group = quiet;
  account.rds.instances.get('shop-three')!.group = loud;
  const { Data } = await account.resource.create(properties('cluster'));
  expect(Data?.Notices).toBe(
    'The parameter group quiet of the instance shop-two sets log_statement=none, which overrides the group of the cluster. Set log_statement to mod there, or reset it.',
  );
  const members = account.rds.clusters.get('shop')!.members;
  expect(members.map(({ logStatement }) => logStatement)).toEqual(['mod', 'none', 'all']);
});

describe('the log group', () => {
  const NAME = '/aws/rds/cluster/shop/postgresql';
  const requested = { logRetention: '30', logEncryptionKey: 'arn:aws:kms:us-east-1:111122223333:key/mine' };
  beforeEach(() => account.addShop('cluster', 'default.aurora-postgresql16'));

  test('is created with retention and key before RDS writes to it', async () => {
    await account.resource.create(properties('cluster', requested));
    expect(account.environment.logs.groupOf(NAME)).toEqual({
      retentionInDays: 30,
      kmsKeyArn: requested.logEncryptionKey,
    });
    const calls = account.environment.faults.calls;
    expect(calls).toContain(`logs:CreateLogGroup ${NAME}`);
    await account.resource.remove();
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 30 });
  });

  test('is adopted if it exists, and restored on Delete', async () => {
    account.environment.logs.add(NAME, { retentionInDays: 7 });
    await account.resource.create(properties('cluster', requested));
    expect(account.environment.logs.groupOf(NAME)).toEqual({
      retentionInDays: 30,
      kmsKeyArn: requested.logEncryptionKey,
    });
    await account.resource.remove();
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 7 });
  });

  test('is restored to its original settings after a repeated Create', async () => {
    account.environment.logs.add(NAME, { retentionInDays: 7 });
    const event = { RequestType: 'Create', ResourceProperties: properties('cluster', requested) };
    await account.resource.send(event);
    const { PhysicalResourceId } = await account.resource.send(event);
    await account.resource.delete(PhysicalResourceId, event.ResourceProperties);
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 7 });
  });

  test('keeps a longer retention by default, with a notice', async () => {
    account.environment.logs.add(NAME, { retentionInDays: 365 });
    const props = properties('cluster', { logRetention: '30', rebootPolicy: 'if-pending' });
    const { Data } = await account.resource.create(props);
    expect(Data?.Notices).toBe(
      `The log group ${NAME} keeps its retention of 365 days, which is longer than the 30 that are requested. To shorten it, use LogRetention.exactly, or shortenLogRetention in an app without code.`,
    );
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 365 });
    await account.resource.update({ ...props, shortenLogRetention: 'true' });
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 30 });
    await account.resource.remove();
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 365 });
  });

  test('is restored by an update that requests no setting', async () => {
    account.environment.logs.add(NAME, { retentionInDays: 7 });
    await account.resource.create(properties('cluster', requested));
    await account.resource.update(properties('cluster'));
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 7 });
  });

  test('gets the setting that an update requests first, although it was changed meanwhile', async () => {
    const masked = properties('cluster', { maskedData: ['Name'] });
    const desired = { ...masked, logRetention: '365' };
    account.environment.logs.add(NAME);
    await account.resource.create(masked);
    account.environment.logs.add(NAME, { ...account.environment.logs.groupOf(NAME), retentionInDays: 7 });
    await account.resource.update(desired);
    expect(account.environment.logs.groupOf(NAME)?.retentionInDays).toBe(365);
    await account.resource.update(masked);
    expect(account.environment.logs.groupOf(NAME)?.retentionInDays).toBe(7);
    await account.resource.update(desired);
    await account.resource.remove();
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 7 });
  });

  test('keeps the record of its original settings if restoring them was interrupted', async () => {
    const masked = properties('cluster', { maskedData: ['Name'] });
    const desired = { ...masked, logRetention: '365' };
    account.environment.logs.add(NAME, { retentionInDays: 7 });
    await account.resource.create(desired);
    account.environment.faults.fail('logs:PutRetentionPolicy', 'InvalidParameter', 'no', 1);
    await account.resource.update(masked);
    expect(account.resource.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
    await account.resource.remove();
    expect(account.environment.logs.groupOf(NAME)).toEqual({ retentionInDays: 7 });
  });

  test('is not created if no setting is requested', async () => {
    await account.resource.create(properties('cluster'));
    expect(account.environment.logs.groupOf(NAME)).toBeUndefined();
  });
});
