import { rdsError } from '../../../support/fake-rds/errors';
import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

const MINUTE = 60_000;
const GAVE_UP = /^Gave up after the longest time that CloudFormation allows, waiting for this: the /;

describe.each(KINDS)('%s', (kind) => {
  const byDefault = `default.${FAMILY[kind]}`;
  const [server, thing] = kind === 'cluster' ? ['DBCluster', 'DBCluster'] : ['DBInstance', 'DB'];
  const rds = () => account.rds;
  const now = () => account.environment.clock.now();
  const ours = () => rds().groups.all.filter(({ name }) => name.startsWith('datafold-'));

  test('retries the change of a server that is busy', async () => {
    account.addShop(kind, byDefault);
    const error = rdsError(`Invalid${server}StateFault`, 'not in available state');
    rds().failures.push({ command: `Modify${server}`, error, after: 0 });
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
  });

  test('retries the change of a parameter group that is busy', async () => {
    account.addShop(kind, byDefault);
    const error = rdsError('InvalidDBParameterGroupStateFault', 'is being changed');
    rds().failures.push({ command: `Modify${thing}ParameterGroup`, error, after: 0 });
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    expect(account.shop.group.set.get('log_statement')).toBe('mod');
  });

  test('waits until RDS shows a change, not only until the server is available', async () => {
    account.addShop(kind, byDefault);
    const { send } = rds();
    let stale: object | undefined;
    let setAt = 0;
    jest.spyOn(rds(), 'send').mockImplementation(async (command) => {
      const { name } = command.constructor;
      if (name === `Modify${server}Command`) {
        stale = await send(question());
        void account.environment.clock.sleep(2 * MINUTE).then(() => (stale = undefined));
      }
      if (name === `Modify${thing}ParameterGroupCommand`) setAt = now();
      return stale && name === `Describe${server}sCommand` ? stale : send(command);
    });
    const start = now();
    await account.resource.create(properties(kind));
    expect(setAt - start).toBeGreaterThanOrEqual(2 * MINUTE);
  });

  /** The RDS call that describes the server. */
  function question() {
    const command = { input: { [`${server}Identifier`]: 'shop' } };
    Object.defineProperty(command, 'constructor', { value: { name: `Describe${server}sCommand` } });
    return command;
  }

  test('waits for a change of the exports by others', async () => {
    account.addShop(kind, byDefault);
    account.shop.pendingExports.start(['upgrade'], [], 5 * MINUTE);
    const start = now();
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    expect(now() - start).toBeGreaterThan(5 * MINUTE);
    expect([...account.shop.exports].sort()).toEqual(['postgresql', 'upgrade']);
  });

  test('waits at most 5 minutes for parameters that RDS is applying', async () => {
    rds().addGroup(kind, 'custom', FAMILY[kind]);
    account.addShop(kind, 'custom');
    rds().durations = { ...rds().durations, applying: Infinity };
    const start = now();
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    expect(now() - start).toBeGreaterThan(5 * MINUTE);
    expect(now() - start).toBeLessThan(8 * MINUTE);
  });

  test('the time of an update and its rollback is bounded', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    account.shop.status.base = 'upgrading';
    const start = now();
    const { Reason } = await account.resource.update(properties(kind, { shortenLogRetention: 'true' }));
    expect(Reason).toMatch(GAVE_UP);
    expect(now() - start).toBeLessThan(2 * 60 * MINUTE);
  });

  test('reports the notices of earlier invocations', async () => {
    account.addShop(kind, byDefault);
    const props = properties(kind, { rebootPolicy: 'if-pending' });
    await account.resource.create(props);
    const { name } = account.shop.group;
    account.shop.group = rds().groups.get(kind, byDefault);
    account.environment.timeout = 120_000;
    rds().durations = { ...rds().durations, lag: 0, modify: 5 * MINUTE };
    const { Data } = await account.resource.update({ ...props, shortenLogRetention: 'true' });
    expect(account.environment.functions.sent.length).toBeGreaterThan(1);
    expect(Data?.Notices).toBe(`The parameter group is ${byDefault} instead of ${name}.`);
  });

  test('an invocation leaves time for the calls after its last check', async () => {
    account.addShop(kind, byDefault);
    account.shop.status.pass('backing-up', 0, 20 * MINUTE);
    const start = now();
    const { functions } = account.environment;
    const send = functions.send.bind(functions);
    const handedOver: number[] = [];
    functions.send = async (...event) => {
      handedOver.push(now() - start);
      return send(...event);
    };
    expect((await account.resource.create(properties(kind))).Status).toBe('SUCCESS');
    expect(handedOver).toHaveLength(1);
    expect(handedOver[0]).toBeLessThan(15 * MINUTE - 2 * 20_000 - 10_000);
  });

  test('a rollback in several invocations responds after the other server is restored', async () => {
    account.addShop(kind, byDefault);
    if (kind === 'cluster') rds().addCluster('other', byDefault);
    else rds().addInstance('other', byDefault);
    await account.resource.create(properties(kind));
    const id = account.resource.physicalId!;
    const [shop, other] = [properties(kind), properties(kind, { identifier: 'other' })];
    await account.resource.updateTo(other, shop, id);
    account.environment.timeout = 120_000;
    rds().durations = { ...rds().durations, lag: 0, modify: 5 * MINUTE };

    const { Status } = await account.resource.updateTo(shop, other, id);

    const there = rds().clusters.get('other') ?? rds().instances.get('other')!;
    expect([Status, there.group.name, there.tags]).toEqual(['SUCCESS', byDefault, []]);
    expect(ours().map(({ name }) => name)).toEqual([account.shop.group.name]);
  });

  test('a removal succeeds if the server is deleted in the middle of it', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const { send } = rds();
    jest.spyOn(rds(), 'send').mockImplementation(async (command) => {
      const answer = await send(command);
      if (command.constructor.name === `Modify${server}Command`) rds().drop('shop');
      return answer;
    });
    expect((await account.resource.remove()).Status).toBe('SUCCESS');
    expect(ours()).toEqual([]);
  });

  test('fails after 5 minutes if RDS still reports an unused group as in use', async () => {
    account.addShop(kind, byDefault);
    await account.resource.create(properties(kind));
    const { name } = account.shop.group;
    rds().durations = { ...rds().durations, release: Infinity };
    const start = now();
    expect((await account.resource.remove()).Reason).toBe(
      `rds:Delete of the parameter group ${name} failed with InvalidDBParameterGroupState for 5 minutes: RDS reports the group as in use, although no server uses it. Reboot the instances of the ${kind} shop, then delete again.`,
    );
    expect(now() - start).toBeLessThan(8 * MINUTE);
  });
});

test('changes a server while it optimizes its storage', async () => {
  account.addShop('instance', 'default.postgres16');
  account.shop.status.base = 'storage-optimization';
  const start = account.environment.clock.now();
  expect((await account.resource.create(properties('instance'))).Status).toBe('SUCCESS');
  expect(account.environment.clock.now() - start).toBeLessThan(5 * MINUTE);
});

test('a removal that can not drop its entry from the tags changes nothing', async () => {
  account.rds.addGroup('cluster', 'custom', FAMILY.cluster);
  account.addShop('cluster', 'custom');
  const second = account.another();
  await account.resource.create(properties('cluster'));
  await second.create(properties('cluster', { newGroupName: 'datafold-second' }));
  const both = await account.settled();
  const error = rdsError('Strange', 'no');
  account.rds.failures.push({ command: 'RemoveTagsFromResource', error, after: 0 });
  expect((await account.resource.remove()).Status).toBe('FAILED');
  expect(await account.settled()).toEqual(both);
});
