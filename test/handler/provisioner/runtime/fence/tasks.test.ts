import type { RotateAccessKeyTask } from '../../../../../lib/private/wire/tasks';
import { PASSWORD_SECRET, PROPERTIES, setUpAccess, type AccessSetUp } from '../../support/access';
import { PROPERTIES as KEY, SECRET, setUpAccessKey, USER } from '../../support/access-key';
import { reconcileTask } from '../../support/reconcile';
import { setUpRotation } from '../../support/rotation';
import { STACK_ID } from '../../support/stack';
import { TestEnvironment } from '../../support/test-environment';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const RECONCILE = reconcileTask({
  properties: { ...PROPERTIES, statementLog: { ...CLUSTER, logGroupName: LOG_GROUP } },
});
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

let environment: TestEnvironment;
let access: AccessSetUp;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  access = setUpAccess(environment);
  environment.rds.describe(CLUSTER);
  environment.logs.add(LOG_GROUP);
  await access.resource.create(RECONCILE.properties as typeof PROPERTIES);
  await setUpAccessKey(environment).create(KEY);
  environment.functions.requests.length = 0;
});
afterEach(async () => {
  for (const password of environment.rotation.texts(PASSWORD_SECRET)) environment.secret(password);
  await environment.stop();
});

const leftAlone = () =>
  environment.log
    .filter(({ message }) => message === 'left to the next schedule')
    .map(({ level, reason }) => ({ level, reason }));
const findings = () => environment.log.filter(({ message }) => message === 'finding');
const metrics = () => environment.log.filter((line) => '_aws' in line);
const operations = () => environment.functions.requests.map(({ operation }) => operation);

describe('during a deployment', () => {
  beforeEach(() => (environment.stacks.duringTasks = 'UPDATE_IN_PROGRESS'));

  test('reconciliation inspects, repairs and reports nothing, and still sends the metric that the alarm expects', async () => {
    access.server.drift = ['GRANT SELECT'];
    const started = environment.clock.now();
    await environment.task(RECONCILE);
    expect(operations()).toEqual([]);
    expect(findings()).toEqual([]);
    expect(metrics()).toEqual([
      expect.objectContaining({ Server: 'shop', Role: 'datafold', Drift: 0, VerificationFailed: 0 }),
      expect.objectContaining({ Task: 'reconcile', TaskFailed: 0 }),
    ]);
    expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
    expect(environment.clock.now() - started).toBeLessThanOrEqual(5 * MINUTE);
  });

  test('no access key is replaced, and no failure is reported', async () => {
    environment.clock.pass(90 * DAY);
    await environment.task(ROTATE);
    expect([environment.iam.keysOf(USER), environment.notices.published]).toEqual([['AKIAEXAMPLE1'], []]);
    expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
  });

  test('a task waits for a deployment that ends soon', async () => {
    environment.clock.pass(90 * DAY);
    const end = environment.clock.now() + 2 * MINUTE;
    const find = environment.stacks.find.bind(environment.stacks);
    environment.stacks.find = async (stackId) => {
      if (environment.clock.now() >= end) environment.stacks.current = 'UPDATE_COMPLETE';
      return find(stackId);
    };
    await environment.task(ROTATE);
    expect([environment.iam.keysOf(USER), leftAlone()]).toEqual([['AKIAEXAMPLE1', 'AKIAEXAMPLE2'], []]);
  });
});

test('a repair stops when a deployment begins', async () => {
  access.server.drift = ['GRANT SELECT'];
  const invoke = environment.functions.invoke.bind(environment.functions);
  environment.functions.invoke = async (...parameters) => {
    const answer = await invoke(...parameters);
    environment.clock.pass(3_000);
    environment.stacks.current = 'UPDATE_IN_PROGRESS';
    return answer;
  };
  await environment.task(RECONCILE);
  expect(operations()).toEqual(['plan']);
  expect(leftAlone()).toEqual([{ level: 'INFO', reason: 'the stack is UPDATE_IN_PROGRESS' }]);
  expect(findings()).toEqual([]);
});

test.each(['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED'])(
  'in a stack that is %s nothing is repaired, and somebody is notified',
  async (status) => {
    access.server.drift = ['GRANT SELECT'];
    environment.stacks.duringTasks = status;
    await environment.task(RECONCILE);
    expect([operations(), leftAlone()]).toEqual([[], []]);
    expect(environment.log).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: 'the task failed',
        error: `Nothing more is changed: the stack is ${status}.`,
      }),
    );
  },
);

test('an access key that was created when a deployment began is deleted, or found by the next rotation', async () => {
  environment.clock.pass(90 * DAY);
  const create = environment.iam.createAccessKey.bind(environment.iam);
  environment.iam.createAccessKey = async (user) => {
    const key = await create(user);
    environment.clock.pass(3_000);
    environment.stacks.current = 'UPDATE_IN_PROGRESS';
    return key;
  };
  await environment.task(ROTATE);
  expect(leftAlone()).toHaveLength(1);
  environment.iam.createAccessKey = create;
  environment.clock.pass(DAY);
  await environment.task(ROTATE);
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE3']);
  expect(environment.secrets.jsonOf(SECRET)).toMatchObject({ accessKeyId: 'AKIAEXAMPLE3' });
});

describe('the rotation of a password', () => {
  const step = async (Step: string) =>
    environment.rotate({ Step, SecretId: PASSWORD_SECRET, ClientRequestToken: 'token-1' });
  beforeEach(() => {
    setUpRotation(environment);
    environment.rotation.begin(PASSWORD_SECRET, 'token-1');
  });

  test('does not begin during a deployment, which would set the previous password again', async () => {
    environment.stacks.duringTasks = 'UPDATE_ROLLBACK_IN_PROGRESS';
    await expect(step('createSecret')).rejects.toThrow(
      `The step createSecret of the rotation of ${PASSWORD_SECRET} failed. No new password is created while CloudFormation changes the stack: the stack is UPDATE_ROLLBACK_IN_PROGRESS. Rotate the secret again when the deployment is over.`,
    );
    expect(environment.rotation.texts(PASSWORD_SECRET)).toEqual([]);
  });

  test('is completed once it has begun, also during a deployment', async () => {
    jest.spyOn(environment.functions, 'invoke').mockImplementation(async () => ({
      payload: JSON.stringify({
        ok: true,
        report: { changed: true },
      }),
    }));
    await step('createSecret');
    environment.stacks.duringTasks = 'UPDATE_IN_PROGRESS';
    for (const one of ['setSecret', 'testSecret', 'finishSecret']) await step(one);
    expect(environment.secrets.textOf(PASSWORD_SECRET)).toBe(environment.rotation.texts(PASSWORD_SECRET)[0]);
  });

  test('sets the new password again if a deployment set the previous password meanwhile', async () => {
    const renewed = environment.secret('the-renewed-password');
    const invoke = environment.functions.invoke.bind(environment.functions);
    environment.functions.invoke = async (...parameters) => {
      const answer = await invoke(...parameters);
      if (operations().length === 1) await environment.secrets.write(PASSWORD_SECRET, renewed);
      return answer;
    };
    const changed = { ...PROPERTIES, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] };
    const { Status } = await access.resource.update(changed);
    expect([Status, operations()]).toEqual(['SUCCESS', ['apply', 'apply']]);
    expect(access.server.roles.get('datafold')?.password).toBe(renewed);
  });
});
