import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import type { RotateAccessKeyTask } from '../../../../lib/private/wire/tasks';
import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { STACK_ID, StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const DAY = 24 * 60 * 60_000;
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-AbCdEf';
const CONNECTIONS = ['shop', 'app'].map(
  (name) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`,
);
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:people';
const PROPERTIES: AccessKeyProperties = {
  userName: 'reader',
  userPolicyArn: 'arn:aws:iam::111122223333:policy/reader',
  secretArn: SECRET,
};
const TASK: RotateAccessKeyTask = {
  datafoldTask: 'rotate-access-key',
  stackId: STACK_ID,
  logicalResourceId: 'Key',
  properties: PROPERTIES,
  every: '90',
  overlap: '14',
  grace: '7',
  dataSourceSecretArns: CONNECTIONS,
  topicArn: TOPIC,
};

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  environment.iam.addUser('reader', PROPERTIES.userPolicyArn);
  const key = await environment.iam.createAccessKey('reader');
  environment.secrets.add(SECRET, JSON.stringify(key));
  for (const [i, secret] of CONNECTIONS.entries()) {
    const aws = { aws_access_key_id: key.accessKeyId, aws_secret_access_key: key.secretAccessKey };
    const options = { host: 'h', password: environment.secret(`p4ssw0rd-${i}`), ...aws };
    environment.secrets.add(secret, JSON.stringify({ type: 'postgres_aurora', name: `source${i}`, options }));
  }
});
afterEach(async () => environment.stop());

/** Runs the task once a day. */
async function live(days: number, task: object = TASK): Promise<void> {
  for (let day = 0; day < days; day++) {
    environment.clock.pass(DAY);
    await environment.task(task);
  }
}
const keyIn = (secret: string) =>
  (environment.secrets.jsonOf(secret) as { options: { aws_access_key_id: string } }).options
    .aws_access_key_id;
const stored = () => environment.secrets.jsonOf(SECRET) as { accessKeyId: string; retired?: object };
const subjects = () => environment.notices.published.map(({ subject }) => subject);

test('does nothing before a key is due', async () => {
  await live(89);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1']);
  expect(environment.notices.published).toEqual([]);
  expect(environment.faults.calls.filter((call) => /PutSecretValue|sns/.test(call))).toEqual([]);
});

test('writes a new key into the secret and every data source, and the notice says where to enter it', async () => {
  const before = CONNECTIONS.map((secret) => environment.secrets.jsonOf(secret) as { options: object });
  await live(90);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE2']);
  expect(stored()).toMatchObject({ accessKeyId: 'AKIAEXAMPLE2', retired: { accessKeyId: 'AKIAEXAMPLE1' } });
  CONNECTIONS.forEach((secret, i) => {
    const key = environment.secrets.jsonOf(SECRET) as Record<string, string>;
    const aws = { aws_access_key_id: 'AKIAEXAMPLE2', aws_secret_access_key: key.secretAccessKey };
    expect(environment.secrets.jsonOf(secret)).toEqual({
      ...before[i],
      options: { ...before[i]!.options, ...aws },
    });
  });
  expect(environment.notices.published).toEqual([
    {
      topic: TOPIC,
      subject: 'Datafold: enter a new access key',
      text:
        "Datafold's API can't update a data source. Enter the new access key AKIAEXAMPLE2 instead of AKIAEXAMPLE1, which works until 2026-04-15, in Datafold by hand, in these data sources:\n" +
        `- source0: AWS Access Key AKIAEXAMPLE2, AWS Secret from the secret ${CONNECTIONS[0]}\n` +
        `- source1: AWS Access Key AKIAEXAMPLE2, AWS Secret from the secret ${CONNECTIONS[1]}`,
    },
  ]);
});

test('deactivates the replaced key after the overlap, deletes it after the grace period, then creates the next key', async () => {
  await live(104);
  expect(await environment.iam.listAccessKeys('reader')).toMatchObject([
    { accessKeyId: 'AKIAEXAMPLE1', active: false },
    { accessKeyId: 'AKIAEXAMPLE2', active: true },
  ]);
  expect(environment.notices.published.at(-1)!.text).toBe(
    'The replaced access key AKIAEXAMPLE1 of IAM user reader is deactivated; use AKIAEXAMPLE2. ' +
      'If Datafold no longer derives lineage, it still uses the replaced key: enter the new key there. The replaced key can be activated again in IAM until 2026-04-22, when it is deleted.',
  );
  await live(7);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE2']);
  expect(stored().retired).toBeUndefined();
  await live(90 - 21);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE3']);
  expect(subjects()).toEqual([
    'Datafold: enter a new access key',
    'Datafold: a replaced access key is deactivated',
    'Datafold: a replaced access key is deleted',
    'Datafold: enter a new access key',
  ]);
});

test('a key that moves to another secret during the overlap keeps the id of the replaced key', async () => {
  const resource = new StackResource<AccessKeyProperties>(environment, 'Custom::DatafoldAccessKey', 'Key');
  await resource.create(PROPERTIES);
  await live(90);
  const other = SECRET.replace('key', 'other');
  environment.secrets.add(other, 'random text that CDK made');

  await resource.update({ ...PROPERTIES, secretArn: other });

  expect(environment.secrets.jsonOf(other)).toEqual(environment.secrets.jsonOf(SECRET));
  await live(21, { ...TASK, properties: { ...PROPERTIES, secretArn: other } });
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE2']);
  expect(subjects().at(-1)).toBe('Datafold: a replaced access key is deleted');
});

test('creates no key for a user without the policy that limits the key, and notifies every day', async () => {
  const { userPolicyArn } = PROPERTIES;
  await live(89);
  environment.iam.detachUserPolicy('reader', userPolicyArn);
  await live(2);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1']);
  const notice = {
    topic: TOPIC,
    subject: 'Datafold: an access key needs your attention',
    text: `The managed policy ${userPolicyArn} is not attached to IAM user reader, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read. No key is created until the policy is attached. Attach the policy (aws iam attach-user-policy --user-name reader --policy-arn ${userPolicyArn}).`,
  };
  expect(environment.notices.published).toEqual([notice, notice]);

  environment.iam.attachUserPolicy('reader', userPolicyArn);
  await live(1);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE2']);
});

test('deactivates and deletes the replaced key although the policy of the user is detached', async () => {
  await live(91);
  environment.iam.detachUserPolicy('reader', PROPERTIES.userPolicyArn);
  await live(21);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE2']);
});

test('reports and keeps a key of somebody else', async () => {
  environment.iam.addKey('reader', 'AKIATHEIRS');
  await live(91);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIATHEIRS']);
  expect(subjects()).toHaveLength(2); // once a day
  expect(environment.notices.published[0]).toEqual({
    topic: TOPIC,
    subject: 'Datafold: an access key needs your attention',
    text: "IAM user reader: The key can't be replaced: a user has at most two keys, and the second one, AKIATHEIRS, was not created by this library, so it is kept. Delete it if it is not in use.",
  });
});

test.each(['secretsmanager:PutSecretValue', 'iam:DeleteAccessKey'])(
  'a run that %s cuts short leaves no key behind in the end',
  async (action) => {
    await live(89);
    environment.clock.pass(DAY);
    // The journal is written and the key created, then every call fails.
    const write = environment.secrets.write.bind(environment.secrets);
    environment.secrets.write = async (arn, text, stage) => {
      if (stage !== 'DATAFOLD_PENDING') {
        environment.faults.fail('secretsmanager:PutSecretValue', 'InternalServiceError');
        environment.faults.fail(action, 'AccessDenied');
      }
      return write(arn, text, stage);
    };
    await environment.task(TASK);
    expect(stored().accessKeyId).toBe('AKIAEXAMPLE1');
    expect(subjects()).toEqual(['Datafold: the rotation of an access key failed']);
    environment.faults.heal();
    environment.secrets.write = write;
    await live(1);
    expect(stored().accessKeyId).toBe('AKIAEXAMPLE3');
    expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE3']);
    expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE3', 'AKIAEXAMPLE3']);
  },
);

test('deletes a new key at once if it can not be stored', async () => {
  await live(89);
  environment.secrets.beforeWrite = {
    AWSCURRENT: () => environment.faults.fail('secretsmanager:PutSecretValue', 'EncryptionFailure', 'no key'),
  };
  await live(1);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1']);
});

test('creates only one key in a run although a response is lost', async () => {
  await live(89);
  const create = environment.iam.createAccessKey.bind(environment.iam);
  environment.iam.createAccessKey = async (user) => {
    await create(user);
    throw new AwsFailure('iam:CreateAccessKey', `user ${user}`, 'ServiceUnavailable');
  };
  await live(1);
  expect(environment.faults.calls.filter((call) => call === 'iam:CreateAccessKey user reader')).toHaveLength(
    2,
  );
  expect(subjects()).toEqual(['Datafold: the rotation of an access key failed']);
  environment.iam.createAccessKey = create;
  await live(1);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE3']);
});

test('the next run writes a data source that an interrupted run did not write', async () => {
  await live(89);
  environment.clock.pass(DAY);
  const write = environment.secrets.write.bind(environment.secrets);
  environment.secrets.write = async (arn, text, stage) => {
    if (arn === CONNECTIONS[1]) throw new Error('the runtime died');
    return write(arn, text, stage);
  };
  await environment.task(TASK);
  expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE1']);
  environment.secrets.write = write;
  await live(1);
  expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE2']);
  expect(environment.iam.keysOf('reader')).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE2']);
});

test('a topic that does not exist does not stop the rotation', async () => {
  environment.faults.fail('sns:Publish', 'NotFound');
  await live(90);
  expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE2']);
  expect(environment.log.at(-2)).toMatchObject({ message: expect.stringMatching(/^data source secret/) });
  expect(environment.log.at(-1)).toMatchObject({ Task: 'rotate-access-key', TaskFailed: 1 });
});

test('updates data sources of another stack', async () => {
  const local = { ...TASK, dataSourceSecretArns: [CONNECTIONS[0]] };
  const renewal = {
    datafoldTask: 'renew-data-sources',
    stackId: STACK_ID,
    logicalResourceId: 'Renewal',
    properties: { accessKeySecretArn: SECRET },
    dataSourceSecretArns: [CONNECTIONS[1]],
    topicArn: TOPIC,
  };
  await environment.task(renewal);
  expect(environment.notices.published).toEqual([]);
  await live(90, local);
  expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE1']);
  await environment.task(renewal);
  expect(CONNECTIONS.map(keyIn)).toEqual(['AKIAEXAMPLE2', 'AKIAEXAMPLE2']);
  expect(environment.notices.published.at(-1)!.text).toMatch(/^- source1: AWS Access Key AKIAEXAMPLE2/m);
});

test('fails for a secret without a key', async () => {
  environment.secrets.add(SECRET);
  await environment.task(TASK);
  expect(environment.notices.published[0]!.text).toBe(
    `The rotation of the access key of IAM user reader failed. The secret ${SECRET} holds no access key. Deploy with another \`revision\`, which creates a key.`,
  );
});
