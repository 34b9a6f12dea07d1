import { STACK_ID } from './support/stack';
import { TestEnvironment } from './support/test-environment';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:people';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-AbCdEf';
const USER_POLICY = 'arn:aws:iam::111122223333:policy/reader';
const BASE = { stackId: STACK_ID, logicalResourceId: 'Thing', topicArn: TOPIC };
const ROTATION = {
  ...BASE,
  datafoldTask: 'rotate-access-key',
  properties: { userName: 'reader', userPolicyArn: USER_POLICY, secretArn: SECRET },
  dataSourceSecretArns: [],
};

let environment: TestEnvironment;
beforeEach(async () => (environment = await TestEnvironment.start()));
afterEach(async () => environment.stop());

const metrics = () =>
  environment.lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => 'TaskFailed' in line)
    .map(({ Provisioner, Task, TaskFailed }) => [Provisioner, Task, TaskFailed]);

test.each([
  [
    'rotate-access-key',
    ROTATION,
    'Datafold: the rotation of an access key failed',
    `The rotation of the access key of IAM user reader failed. secretsmanager:GetSecretValue on ${SECRET} failed with AccessDenied: no.`,
  ],
  [
    'renew-data-sources',
    {
      ...BASE,
      datafoldTask: 'renew-data-sources',
      properties: { accessKeySecretArn: SECRET },
      dataSourceSecretArns: ['source-1'],
    },
    'Datafold: updating a data source failed',
    `Writing the new key or password into source-1 failed. secretsmanager:GetSecretValue on ${SECRET} failed with AccessDenied: no.`,
  ],
  [
    'reconcile',
    { ...BASE, datafoldTask: 'reconcile', serverName: 'shop', properties: {} },
    'Datafold: the reconciliation of a server failed',
    'The reconciliation of the server shop failed. ',
  ],
])('a failed %s is reported to its topic and the metric', async (task, event, subject, text) => {
  environment.faults.fail('secretsmanager:GetSecretValue', 'AccessDenied', 'no');
  await environment.task(event);
  expect(environment.notices.published).toEqual([{ topic: TOPIC, subject, text: expect.any(String) }]);
  expect(environment.notices.published[0]!.text.slice(0, text.length)).toBe(text);
  expect(metrics()).toEqual([['provisioner', task, 1]]);
});

test('a successful task reports 0, by function and by task, so that an alarm can end', async () => {
  environment.secrets.add(SECRET, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 's3cr3t' }));
  environment.iam.addUser('reader', USER_POLICY);
  environment.iam.addKey('reader', 'AKIAEXAMPLE1');
  await environment.task(ROTATION);
  expect(metrics()).toEqual([['provisioner', 'rotate-access-key', 0]]);
  const line = environment.lines.find((one) => one.includes('TaskFailed'))!;
  expect(JSON.parse(line)).toMatchObject({
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'CdkDatafoldPostgres',
          Dimensions: [['Provisioner'], ['Provisioner', 'Task']],
          Metrics: [{ Name: 'TaskFailed', Unit: 'Count' }],
        },
      ],
    },
  });
});

test('the metric also counts tasks that need attention and failed notices', async () => {
  environment.secrets.add(SECRET, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 's3cr3t' }));
  environment.iam.addUser('reader', USER_POLICY);
  environment.iam.addKey('reader', 'AKIAEXAMPLE1');
  environment.iam.deactivate('reader', 'AKIAEXAMPLE1');
  await environment.task({ ...ROTATION, topicArn: undefined });
  environment.faults.fail('sns:Publish', 'NotFound');
  await environment.task(ROTATION);
  expect(metrics().map(([, , failed]) => failed)).toEqual([1, 1]);
});

test('a task that hangs is reported to its topic', async () => {
  environment.iam.addUser('reader', USER_POLICY);
  environment.iam.listAccessKeys = async () => new Promise(() => undefined);
  environment.secrets.add(SECRET, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE1', secretAccessKey: 's3cr3t' }));
  await environment.task(ROTATION);
  expect(environment.notices.published).toEqual([
    {
      topic: TOPIC,
      subject: 'Datafold: the rotation of an access key failed',
      text: "The rotation of the access key of IAM user reader failed. The work did not end before the function's timeout; it was waiting for this: access keys of user reader. Find the cause of the delay; the schedule starts it again.",
    },
  ]);
  expect(metrics()).toEqual([['provisioner', 'rotate-access-key', 1]]);
});

test('the metric counts a failed step of a password rotation', async () => {
  const event = { Step: 'createSecret', SecretId: SECRET, ClientRequestToken: 'token-1' };
  await expect(environment.rotate(event)).rejects.toThrow(/^The step createSecret of the rotation/);
  expect(metrics()).toEqual([['provisioner', 'rotate-password', 1]]);
});
