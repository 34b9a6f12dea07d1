import { PASSWORD_SECRET, setUpAccess } from '../support/access';
import { ROTATION_PARAMETER, setUpRotation, TOPIC } from '../support/rotation';
import { TestEnvironment } from '../support/test-environment';

const SUBJECT = 'Datafold: the rotation of a password failed';
const MAKE_AGAIN =
  'Remove `rotatePassword` from the app and deploy, then set `rotatePassword` again and deploy: this creates the parameter again.';
const MISSING =
  `The parameter ${ROTATION_PARAMETER} of Systems Manager with the settings of the rotation does not exist. ${MAKE_AGAIN} ` +
  `If the app does not set \`rotatePassword\`, turn off the rotation of the secret ${PASSWORD_SECRET} (aws secretsmanager cancel-rotate-secret).`;
const DENIED =
  `The settings of the rotation can't be read: ssm:GetParameter on ${ROTATION_PARAMETER} failed with AccessDenied. ` +
  "The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.";
const changed = (problems: string) =>
  `The parameter ${ROTATION_PARAMETER} of Systems Manager does not hold the settings of a rotation, so somebody has changed it: ${problems}. ${MAKE_AGAIN}`;

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  setUpAccess(environment);
  environment.rotation.begin(PASSWORD_SECRET, 'token-1');
});
afterEach(async () => {
  for (const text of environment.rotation.texts(PASSWORD_SECRET)) environment.secret(text);
  await environment.stop();
});

const rotate = async () =>
  environment.rotate({ Step: 'createSecret', SecretId: PASSWORD_SECRET, ClientRequestToken: 'token-1' });
const failed = (reason: string) =>
  `The step createSecret of the rotation of ${PASSWORD_SECRET} failed. ${reason}`;

test('the settings are read from the parameter that is named after the secret', async () => {
  setUpRotation(environment);
  await rotate();
  expect(environment.faults.calls[0]).toBe(`ssm:GetParameter ${ROTATION_PARAMETER}`);
  expect(environment.rotation.texts(PASSWORD_SECRET)).toHaveLength(1);
});

test('a parameter that was deleted by hand fails the rotation before a password is created, and people are notified', async () => {
  environment.rotation.tag(PASSWORD_SECRET, 'datafold:notice-topic', TOPIC);
  await expect(rotate()).rejects.toThrow(failed(MISSING));
  const text = `The rotation of the password in the secret ${PASSWORD_SECRET} failed at createSecret. ${MISSING}`;
  expect(environment.notices.published).toEqual([{ topic: TOPIC, subject: SUBJECT, text }]);
  expect(environment.rotation.texts(PASSWORD_SECRET)).toEqual([]);
});

test('a secret that the function does not rotate has no settings that the function may read', async () => {
  environment.faults.fail('ssm:GetParameter', 'AccessDenied');
  await expect(rotate()).rejects.toThrow(failed(DENIED));
});

test('a permission that IAM does not know yet is waited for, as when Secrets Manager tests a new rotation', async () => {
  setUpRotation(environment);
  environment.faults.denyFor(20_000, 'ssm:GetParameter');
  environment.faults.denyFor(30_000, 'secretsmanager:DescribeSecret');
  await rotate();
  expect(environment.rotation.texts(PASSWORD_SECRET)).toHaveLength(1);
});

test('the first reason is reported if the topic can not be read either', async () => {
  environment.faults.fail('secretsmanager:DescribeSecret', 'AccessDenied');
  await expect(rotate()).rejects.toThrow(failed(MISSING));
  expect(environment.notices.published).toEqual([]);
  expect(environment.log).toContainEqual(
    expect.objectContaining({ message: SUBJECT, notice: expect.stringContaining(MISSING) }),
  );
});

test.each([
  ['', 'the properties must be an object; '],
  ['no JSON', 'the properties must be an object; '],
  ['[]', 'the properties must be an object; '],
  ['{}', ''],
])('settings that somebody has overwritten with %j are refused', async (text, problem) => {
  environment.parameters.put(ROTATION_PARAMETER, text);
  const missing =
    '`sqlRunner` is missing; `server` must be an object; `server.host` is missing; `adminSecretArn` is missing; `roleName` is missing; `databaseName` is missing; `maintenanceDatabase` is missing';
  await expect(rotate()).rejects.toThrow(failed(changed(problem + missing)));
  expect(environment.rotation.texts(PASSWORD_SECRET)).toEqual([]);
});
