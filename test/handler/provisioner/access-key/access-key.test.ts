import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, SECRET, setUpAccessKey, USER, USER_POLICY } from '../support/access-key';
import { STACK_ID, type StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

let environment: TestEnvironment;
let resource: StackResource<AccessKeyProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = setUpAccessKey(environment);
});

afterEach(async () => {
  await environment.stop();
});

const inSecret = (arn = SECRET) => (environment.secrets.jsonOf(arn) as { accessKeyId?: string }).accessKeyId;
const createEvent = {
  RequestType: 'Create',
  RequestId: 'request-1',
  StackId: STACK_ID,
  LogicalResourceId: 'AccessKey',
  ResourceType: 'Custom::DatafoldAccessKey',
  ResourceProperties: PROPERTIES,
};

describe('create', () => {
  test('creates a key and writes it into the secret', async () => {
    const answer = await resource.create(PROPERTIES);

    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: `datafold-access-key/${USER}`,
      Data: { AccessKeyId: 'AKIAEXAMPLE1', UserName: USER },
    });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
    expect(environment.secrets.jsonOf(SECRET)).toEqual({
      accessKeyId: 'AKIAEXAMPLE1',
      secretAccessKey: 'wJal+/"rXUtn1FEMI',
    });
  });

  test('accepts a secret without a value', async () => {
    environment.secrets.add(SECRET);
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(inSecret()).toBe('AKIAEXAMPLE1');
  });

  test('a repeated Create keeps the key in the secret', async () => {
    await environment.send(createEvent);
    const answer = await environment.send(createEvent);
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { AccessKeyId: 'AKIAEXAMPLE1' } });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
  });

  test('a Create that is repeated after an interruption between key and secret replaces the lost key', async () => {
    environment.secrets.beforeWrite = { AWSCURRENT: () => new Promise(() => undefined) };
    await environment.crash(createEvent);
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
    environment.secrets.beforeWrite = {};

    const answer = await environment.send(createEvent);

    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { AccessKeyId: 'AKIAEXAMPLE2' } });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE2']);
    expect(inSecret()).toBe('AKIAEXAMPLE2');
  });

  test('keeps the keys of a user that the journal does not name', async () => {
    environment.iam.addKey(USER, 'AKIABYHAND');
    const journal = JSON.stringify({ requestId: 'request-1', userName: 'another', keys: [] });
    await environment.secrets.write(SECRET, journal, 'DATAFOLD_PENDING');
    await environment.send(createEvent);
    expect(environment.iam.keysOf(USER)).toEqual(['AKIABYHAND', 'AKIAEXAMPLE1']);
  });

  test('keeps a key that somebody else created', async () => {
    environment.iam.addKey(USER, 'AKIABYHAND');
    await resource.create(PROPERTIES);
    expect(environment.iam.keysOf(USER)).toEqual(['AKIABYHAND', 'AKIAEXAMPLE1']);
  });

  test('names the keys that use up the quota, and keeps them', async () => {
    environment.iam.addKey(USER, 'AKIABYHAND1');
    environment.iam.addKey(USER, 'AKIABYHAND2');

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      `iam:CreateAccessKey for user ${USER} is not possible (LimitExceeded): the user has 2 access keys already (AKIABYHAND1, AKIABYHAND2), which are not in the secret and were not created by this deployment. Delete a key that is not in use, then deploy again.`,
    );
    expect(resource.answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIABYHAND1', 'AKIABYHAND2']);
  });

  test('deletes the new key if the secret can not be written', async () => {
    environment.secrets.beforeWrite = {
      AWSCURRENT: () =>
        environment.faults.fail('secretsmanager:PutSecretValue', 'EncryptionFailure', 'no key'),
    };

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      `secretsmanager:PutSecretValue on ${SECRET} failed with EncryptionFailure: no key. Allow the provisioner's role to use the KMS key of the secret, and enable the key if it is disabled, then deploy again.`,
    );
    expect(environment.iam.keysOf(USER)).toEqual([]);
    expect(environment.iam.removeUser(USER)).toBe(true);
  });

  test('creates no key if the journal can not be written', async () => {
    environment.secrets.drop(SECRET);
    const answer = await resource.create(PROPERTIES);
    expect(answer.Reason).toBe(
      `secretsmanager:PutSecretValue on ${SECRET} failed with ResourceNotFound: Secrets Manager can't find the specified secret. It does not exist. Check the ARN and the region; if it was deleted by hand, restore it (aws secretsmanager restore-secret) while its recovery window lasts. After that remove the construct that creates it from the app and deploy, then add the construct again and deploy: a new secret has another ARN.`,
    );
    expect(environment.faults.calls).not.toContain(`iam:CreateAccessKey user ${USER}`);
  });

  test('the rollback deletes the key that the failed Create could not delete', async () => {
    environment.secrets.beforeWrite = {
      AWSCURRENT: () =>
        environment.faults.fail('secretsmanager:PutSecretValue', 'EncryptionFailure', 'no key'),
    };
    environment.faults.fail('iam:DeleteAccessKey', 'ServiceFailure', 'The request processing has failed', 1);
    environment.iam.addKey(USER, 'AKIABYHAND');

    const answer = await resource.create(PROPERTIES);

    expect(answer.Reason).toBe(
      `secretsmanager:PutSecretValue on ${SECRET} failed with EncryptionFailure: no key. Allow the provisioner's role to use the KMS key of the secret, and enable the key if it is disabled, then deploy again. The new key AKIAEXAMPLE1 remains: iam:DeleteAccessKey on user ${USER}, key AKIAEXAMPLE1 failed with ServiceFailure: The request processing has failed. Deploy again; if the failure persists, find the code in the AWS documentation.`,
    );
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
    expect(environment.iam.keysOf(USER)).toEqual(['AKIABYHAND']);
  });

  test('waits for the propagation of a user and a policy', async () => {
    environment.faults.denyFor(15_000, 'iam:CreateAccessKey');
    environment.faults.fail('iam:ListAccessKeys', 'NoSuchEntity', 'cannot be found', 3);
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(environment.iam.keysOf(USER)).toHaveLength(1);
  });

  test.each([
    'iam:ListAccessKeys',
    'iam:CreateAccessKey',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
  ])('a denied %s fails the Create, but not its rollback', async (action) => {
    environment.iam.addKey(USER, 'AKIABYHAND');
    environment.faults.fail(action, 'AccessDenied', 'explicit deny in a service control policy');
    await resource.create(PROPERTIES);
    expect(resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
    expect(environment.iam.keysOf(USER)).toEqual(['AKIABYHAND']);
  });

  test('fails for a user that does not exist', async () => {
    const answer = await resource.create({ ...PROPERTIES, userName: 'nobody' });
    expect(answer.Reason).toBe(
      `IAM user nobody does not exist (NoSuchEntity). If the user was deleted, create it again under the same name (aws iam create-user --user-name nobody), attach its managed policy (aws iam attach-user-policy --user-name nobody --policy-arn ${USER_POLICY}), then deploy again with another \`revision\`.`,
    );
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });
});

const NOT_ATTACHED = `The managed policy ${USER_POLICY} is not attached to IAM user ${USER}, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read. Attach the policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}), then deploy again with another \`revision\`.`;

describe('a user without the policy that limits its key', () => {
  test('gets no key', async () => {
    environment.iam.detachUserPolicy(USER, USER_POLICY);
    environment.iam.attachUserPolicy(USER, 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess');
    const answer = await resource.create(PROPERTIES);
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: NOT_ATTACHED });
    expect(environment.iam.keysOf(USER)).toEqual([]);
    expect(environment.secrets.textOf(SECRET)).toBe('random text that CDK made');
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS');
  });

  test('fails an update although the secret holds an active key', async () => {
    await resource.create(PROPERTIES);
    environment.iam.detachUserPolicy(USER, USER_POLICY);
    expect((await resource.update({ ...PROPERTIES })).Reason).toBe(NOT_ATTACHED);
    expect(resource.answers.at(-1)?.Status).toBe('SUCCESS'); // the rollback
  });

  test('that was created again by hand gets a key once the policy is attached', async () => {
    await resource.create(PROPERTIES);
    environment.iam.dropUser(USER);
    environment.iam.addUser(USER);
    expect((await resource.update({ ...PROPERTIES })).Reason).toBe(NOT_ATTACHED);
    expect(environment.iam.keysOf(USER)).toEqual([]);
    environment.iam.attachUserPolicy(USER, USER_POLICY);
    expect((await resource.update({ ...PROPERTIES })).Status).toBe('SUCCESS');
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE2']);
  });

  test('does not block the removal of its keys', async () => {
    await resource.create(PROPERTIES);
    environment.iam.detachUserPolicy(USER, USER_POLICY);
    expect((await resource.remove()).Status).toBe('SUCCESS');
    expect(environment.iam.keysOf(USER)).toEqual([]);
  });

  test('is checked again, since IAM lists a new attachment with a delay', async () => {
    environment.iam.attachmentDelay = 50_000;
    expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
  });

  test('gets no key if its policies can not be listed', async () => {
    environment.faults.fail(
      'iam:ListAttachedUserPolicies',
      'AccessDenied',
      'a service control policy denies it',
    );
    expect((await resource.create(PROPERTIES)).Reason).toBe(
      `iam:ListAttachedUserPolicies on user ${USER} failed with AccessDenied: a service control policy denies it. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
    );
    expect(environment.iam.keysOf(USER)).toEqual([]);
  });
});

describe('update', () => {
  beforeEach(async () => {
    await resource.create(PROPERTIES);
  });

  test('creates no key without a relevant change', async () => {
    await resource.update({ ...PROPERTIES, ...{ note: 'new in this release' } });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
  });

  test('replaces a key that was deleted by hand', async () => {
    await environment.iam.deleteAccessKey(USER, 'AKIAEXAMPLE1');
    await resource.update({ ...PROPERTIES });
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE2']);
    expect(inSecret()).toBe('AKIAEXAMPLE2');
  });

  test('creates a key for another user and deletes those of the previous user', async () => {
    environment.iam.addUser('other', USER_POLICY);
    await resource.update({ ...PROPERTIES, userName: 'other' });

    expect(resource.physicalId).toBe('datafold-access-key/other');
    expect(inSecret()).toBe('AKIAEXAMPLE2');
    expect(environment.iam.keysOf('other')).toEqual(['AKIAEXAMPLE2']);
    expect(environment.iam.removeUser(USER)).toBe(true);
  });

  test('a rollback to the previous user restores its key', async () => {
    environment.iam.addUser('other', USER_POLICY);
    const other = { ...PROPERTIES, userName: 'other' };
    const previousId = resource.physicalId!;
    const answer = await resource.updateTo(other, PROPERTIES, previousId);
    resource.physicalId = answer.PhysicalResourceId;

    await resource.rollBack(other, PROPERTIES, previousId);

    expect(resource.physicalId).toBe(previousId);
    expect(inSecret()).toBe('AKIAEXAMPLE1');
    expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
    expect(environment.iam.removeUser('other')).toBe(true);
  });

  test('replaces a deactivated key', async () => {
    environment.iam.deactivate(USER, 'AKIAEXAMPLE1');
    await resource.update({ ...PROPERTIES });
    expect(inSecret()).toBe('AKIAEXAMPLE2');
  });
});
