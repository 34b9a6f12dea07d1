import type { Answer } from '../../../../lib/handler/provisioner/runtime/response';
import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { arrange, CASES, FAMILY, properties, type Properties } from './decision-table';

/** Fails with the reason of a failed response. */
const outcome = ({ Status, Reason }: Answer) => (Status === 'SUCCESS' ? Status : `${Status}: ${Reason}`);

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const groupNow = () => account.shop.group;

test('continues in another invocation if RDS is busy near the end of the first one', async () => {
  account.addShop('cluster', `default.${FAMILY.cluster}`);
  account.shop.status.pass('backing-up', 0, 30 * 60_000);
  const { clock } = account.environment;
  const start = clock.now();
  const { send } = account.rds;
  jest.spyOn(account.rds, 'send').mockImplementation(async (command) => {
    const seconds = (clock.now() - start) / 1_000;
    if (seconds > 780 && seconds < 900) throw rdsError('ThrottlingException', 'Rate exceeded');
    return send(command);
  });
  expect(outcome(await account.resource.create(properties('cluster')))).toBe('SUCCESS');
});

describe.each(CASES)('%s, %s', (_, kind, row) => {
  let props: Properties;

  beforeEach(() => {
    props = properties(kind, row.props);
    arrange(account, kind, row);
  });

  test('logs the statements and exports them', async () => {
    const previous = groupNow();
    const others = new Map(previous.set);
    const answer = await account.resource.create(props);
    expect(outcome(answer)).toBe('SUCCESS');
    expect(groupNow().name === previous.name ? 'same' : 'ours').toBe(row.group);
    expect(groupNow().set.get('log_statement')).toBe(row.logStatement);
    expect(groupNow().family).toBe(FAMILY[kind]);
    expect(groupNow().set.get('work_mem')).toBe(others.get('work_mem'));
    if (row.group === 'ours') expect(previous.set.get('log_statement')).toBe(row.value);
    expect(account.shop.exports).toEqual(['postgresql']);
    expect(answer.Data).toMatchObject({
      ParameterGroupName: groupNow().name,
      LogGroupName: `/aws/rds/${kind}/shop/postgresql`,
    });
    expect(answer.Data?.PendingReboot !== '').toBe(row.pending ?? false);
  });

  test('restores the server on Delete', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    expect(outcome(await account.resource.remove())).toBe('SUCCESS');
    expect(await account.settled()).toEqual(before);
  });

  test('an update without changes sends no change to RDS', async () => {
    await account.resource.create(props);
    const after = await account.settled();
    account.rds.calls.length = 0;
    expect(outcome(await account.resource.update({ ...props, shortenLogRetention: 'true' }))).toBe('SUCCESS');
    expect(await account.settled()).toEqual(after);
    expect(account.rds.calls.filter((name) => !/^Describe|^List/.test(name))).toEqual([]);
  });

  test('restores the server exactly after several updates', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    // Servers that needed no change before need one now.
    if (row.name === 'shared group with mod') props = { ...props, sharedParameterGroup: 'modify' };
    await account.resource.update({ ...props, logBindValues: 'false' });
    expect(groupNow().set.get('log_parameter_max_length')).toBe('0');
    await account.resource.update(props);
    expect(groupNow().set.get('log_parameter_max_length')).toBeUndefined();
    await account.resource.update({ ...props, logBindValues: 'false' });
    await account.resource.remove();
    expect(await account.settled()).toEqual(before);
  });

  test('the rollback of a failed update restores the previous settings', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    const after = await account.settled();
    const command = `Modify${kind === 'cluster' ? 'DBCluster' : 'DB'}ParameterGroup`;
    account.rds.failures.push({ command, error: rdsError('InternalFailureX', 'no'), after: 0 });
    expect(await account.resource.update({ ...props, logBindValues: 'false' })).toMatchObject({
      Status: 'FAILED',
    });
    expect(await account.settled()).toEqual(after);
    await account.resource.remove();
    expect(await account.settled()).toEqual(before);
  });

  test('a repeated Delete changes nothing', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    await account.resource.remove();
    expect(outcome(await account.resource.remove())).toBe('SUCCESS');
    expect(await account.settled()).toEqual(before);
  });

  test('a repeated Create changes nothing', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    expect(outcome(await account.resource.create(props))).toBe('SUCCESS');
    await account.resource.remove();
    expect(await account.settled()).toEqual(before);
  });

  test('the rollback of a Create that failed at any call restores the server', async () => {
    const before = await account.settled();
    await account.resource.create(props);
    const commands = new Set(account.rds.calls.filter((name) => !/^Describe|^List/.test(name)));
    await account.resource.remove();
    for (const command of commands) {
      account.rds.failures.push({ command, error: rdsError('SomethingElse', 'no'), after: 0 });
      expect(await account.resource.create(props)).toMatchObject({ Status: 'FAILED' });
      expect(await account.settled()).toEqual(before);
    }
  });

  test('keeps a value of log_statement that was changed since', async () => {
    await account.resource.create(props);
    if (groupNow().set.get('log_statement') === 'all') return;
    const group = groupNow();
    group.set.set('log_statement', 'all');
    await account.resource.remove();
    if (row.group === 'same') expect(group.set.get('log_statement')).toBe('all');
    else expect(account.rds.groups.find(kind, group.name)).toBeUndefined();
  });

  test('keeps a parameter group that was associated since', async () => {
    await account.resource.create(props);
    const ours = groupNow();
    const theirs = account.rds.addGroup(kind, 'theirs', FAMILY[kind]);
    account.shop.group = theirs;
    await account.resource.remove();
    expect(account.shop.group).toBe(theirs);
    if (row.group === 'ours') expect(account.rds.groups.find(kind, ours.name)).toBeUndefined();
    expect(account.shop.tags).toEqual([]);
  });

  test('a Delete succeeds if the server does not exist', async () => {
    await account.resource.create(props);
    account.rds.drop('shop');
    expect(outcome(await account.resource.remove())).toBe('SUCCESS');
    const left = account.rds.groups.all.filter(({ name }) => name.startsWith('datafold-'));
    expect(left).toEqual([]);
  });

  test('succeeds although RDS is busy and slow', async () => {
    const before = await account.settled();
    account.rds.throttleEvery = 7;
    account.rds.durations = {
      lag: 2_000,
      modify: 300_000,
      exports: 200_000,
      applying: 20_000,
      reboot: 400_000,
      release: 30_000,
    };
    account.environment.timeout = 300_000;
    expect(outcome(await account.resource.create(props))).toBe('SUCCESS');
    expect(outcome(await account.resource.remove())).toBe('SUCCESS');
    expect(await account.settled()).toEqual(before);
  });
});
