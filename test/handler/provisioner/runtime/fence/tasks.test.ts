import type { ReconcileTask, RotateAccessKeyTask } from '../../../../../lib/private/wire/tasks';
import { PASSWORD_SECRET, PROPERTIES, setUpAccess, type AccessSetUp } from '../../support/access';
import { PROPERTIES as KEY, SECRET, setUpAccessKey, USER } from '../../support/access-key';
import { STACK_ID, StackResource } from '../../support/stack';
import { World } from '../../support/world';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const RECONCILE: ReconcileTask = {
  datafoldTask: 'reconcile',
  stackId: STACK_ID,
  logicalResourceId: 'Access',
  properties: { ...PROPERTIES, statementLog: { ...CLUSTER, logGroupName: LOG_GROUP } },
  repair: 'true',
  serverName: 'shop',
};
const ROTATE: RotateAccessKeyTask = {
  datafoldTask: 'rotate-access-key',
  stackId: STACK_ID,
  logicalResourceId: 'AccessKey',
  properties: KEY,
  every: '90',
  overlap: '14',
  grace: '7',
  dataSourceSecretArns: [],
  topicArn: 'arn:aws:sns:us-east-1:111122223333:people',
};

let world: World;
let access: AccessSetUp;
beforeEach(async () => {
  world = await World.start();
  access = setUpAccess(world);
  world.rds.describe(CLUSTER);
  world.logs.add(LOG_GROUP);
  await access.resource.create(RECONCILE.properties as typeof PROPERTIES);
  await setUpAccessKey(world).create(KEY);
  world.functions.requests.length = 0;
});
afterEach(async () => {
  for (const password of world.rotation.texts(PASSWORD_SECRET)) world.secret(password);
  await world.stop();
});

const leftAlone = () =>
  world.log
    .filter(({ message }) => message === 'left to the next schedule')
    .map(({ level, reason }) => ({ level, reason }));
const findings = () => world.log.filter(({ message }) => message === 'finding');
const metrics = () => world.log.filter((line) => '_aws' in line);
const operations = () => world.functions.requests.map(({ operation }) => operation);

describe('beside a deployment', () => {
  beforeEach(() => (world.stacks.duringTasks = 'UPDATE_IN_PROGRESS'));

  test('nothing is looked at, repaired or reported as a failure, and the alarm hears that somebody looks', async () => {
    access.server.drift = ['GRANT SELECT'];
    const started = world.clock.now();
    await world.task(RECONCILE);
    expect(operations()).toEqual([]);
    expect(findings()).toEqual([]);
    expect(metrics()).toEqual([
      expect.objectContaining({ Server: 'shop', Role: 'datafold', Drift: 0, VerificationFailed: 0 }),
      expect.objectContaining({ Task: 'reconcile', TaskFailed: 0 }),
    ]);
    expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
    expect(world.clock.now() - started).toBeLessThanOrEqual(5 * MINUTE);
  });

  test('no key is replaced, and nobody is told of a failure', async () => {
    world.clock.pass(90 * DAY);
    await world.task(ROTATE);
    expect([world.iam.keysOf(USER), world.notices.published]).toEqual([['AKIAEXAMPLE1'], []]);
    expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
  });

  test('a deployment that ends soon is waited for', async () => {
    world.clock.pass(90 * DAY);
    const end = world.clock.now() + 2 * MINUTE;
    const find = world.stacks.find.bind(world.stacks);
    world.stacks.find = async (stackId) => {
      if (world.clock.now() >= end) world.stacks.current = 'UPDATE_COMPLETE';
      return find(stackId);
    };
    await world.task(ROTATE);
    expect([world.iam.keysOf(USER), leftAlone()]).toEqual([['AKIAEXAMPLE1', 'AKIAEXAMPLE2'], []]);
  });
});

test('a repair stops when a deployment begins in the middle of it', async () => {
  access.server.drift = ['GRANT SELECT'];
  const invoke = world.functions.invoke.bind(world.functions);
  world.functions.invoke = async (...parameters) => {
    const answer = await invoke(...parameters);
    world.clock.pass(3_000);
    world.stacks.current = 'UPDATE_IN_PROGRESS';
    return answer;
  };
  await world.task(RECONCILE);
  expect(operations()).toEqual(['plan']);
  expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
  expect(findings()).toEqual([]);
});

test.each(['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'])(
  'in a stack that is %s nothing is repaired, and somebody is told',
  async (status) => {
    access.server.drift = ['GRANT SELECT'];
    world.stacks.duringTasks = status;
    await world.task(RECONCILE);
    expect([operations(), leftAlone()]).toEqual([[], []]);
    expect(world.log).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: 'the task failed',
        error: `Nothing more is changed: the stack is ${status}.`,
      }),
    );
  },
);

test('a key that was made when a deployment began is given back or found by the next rotation', async () => {
  world.clock.pass(90 * DAY);
  const create = world.iam.createAccessKey.bind(world.iam);
  world.iam.createAccessKey = async (user) => {
    const key = await create(user);
    world.clock.pass(3_000);
    world.stacks.current = 'UPDATE_IN_PROGRESS';
    return key;
  };
  await world.task(ROTATE);
  expect(leftAlone()).toHaveLength(1);
  world.iam.createAccessKey = create;
  world.clock.pass(DAY);
  await world.task(ROTATE);
  expect(world.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE3']);
  expect(world.secrets.jsonOf(SECRET)).toMatchObject({ accessKeyId: 'AKIAEXAMPLE3' });
});

describe('the rotation of a password', () => {
  const step = async (Step: string) =>
    world.rotate({ Step, SecretId: PASSWORD_SECRET, ClientRequestToken: 'token-1' });
  beforeEach(async () => {
    const properties = { access: PROPERTIES, dataSourceSecretArns: [] };
    await new StackResource(world, 'Custom::DatafoldPasswordRotation').create(properties);
    world.rotation.begin(PASSWORD_SECRET, 'token-1');
  });

  test('does not begin beside a deployment, which would set the former password again', async () => {
    world.stacks.duringTasks = 'UPDATE_ROLLBACK_IN_PROGRESS';
    await expect(step('createSecret')).rejects.toThrow(
      `The step createSecret of the rotation of ${PASSWORD_SECRET} failed. No new password is made while CloudFormation changes the stack: the stack is UPDATE_ROLLBACK_IN_PROGRESS. Rotate the secret again when the deployment is over.`,
    );
    expect(world.rotation.texts(PASSWORD_SECRET)).toEqual([]);
  });

  test('comes to its end once it has begun', async () => {
    jest.spyOn(world.functions, 'invoke').mockImplementation(async () => ({
      payload: JSON.stringify({
        ok: true,
        report: { finished: true, statements: 1, databases: [], notices: [] },
      }),
    }));
    await step('createSecret');
    world.stacks.duringTasks = 'UPDATE_IN_PROGRESS';
    for (const one of ['setSecret', 'testSecret', 'finishSecret']) await step(one);
    expect(world.secrets.textOf(PASSWORD_SECRET)).toBe(world.rotation.texts(PASSWORD_SECRET)[0]);
  });

  test('that ends while a deployment sets the former password has the new one set', async () => {
    const renewed = world.secret('the-renewed-password');
    const invoke = world.functions.invoke.bind(world.functions);
    world.functions.invoke = async (...parameters) => {
      const answer = await invoke(...parameters);
      if (operations().length === 1) await world.secrets.write(PASSWORD_SECRET, renewed);
      return answer;
    };
    const changed = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
    const { Status } = await access.resource.update(changed);
    expect([Status, operations()]).toEqual(['SUCCESS', ['apply', 'apply']]);
    expect(access.server.roles.get('datafold')?.password).toBe(renewed);
  });
});
