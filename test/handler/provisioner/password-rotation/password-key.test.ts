import type { PasswordRotationProperties } from '../../../../lib/private/wire/resources';
import { PASSWORD_SECRET, PROPERTIES } from '../support/access';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:people';
const KNOWLEDGE: PasswordRotationProperties = {
  access: PROPERTIES,
  dataSourceSecretArns: [],
  topicArn: TOPIC,
};
const SUBJECT = 'Datafold: the rotation of a password failed';
const WHY =
  `The settings of the rotation can't be read: secretsmanager:GetSecretValue on ${PASSWORD_SECRET} failed with AccessDenied: Access to KMS is not allowed. ` +
  "The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again. " +
  'If the KMS key of the secret was changed, deploy with another `revision`, which writes the settings again.';

let environment: TestEnvironment;
let resource: StackResource<PasswordRotationProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  environment.secrets.add(PASSWORD_SECRET, environment.secret('p4ssw0rd'));
  resource = new StackResource(environment, 'Custom::DatafoldPasswordRotation');
  await resource.create(KNOWLEDGE);
  environment.secrets.changeKey(PASSWORD_SECRET);
  environment.rotation.begin(PASSWORD_SECRET, 'token-1');
});
afterEach(async () => {
  for (const text of environment.rotation.texts(PASSWORD_SECRET)) environment.secret(text);
  await environment.stop();
});

const rotate = async () =>
  environment.rotate({ Step: 'createSecret', SecretId: PASSWORD_SECRET, ClientRequestToken: 'token-1' });

test('after a change of the KMS key, the settings of the rotation are written without reading them', async () => {
  const answer = await resource.update({ ...KNOWLEDGE, secretKeyArn: 'arn:aws:kms:us-east-1:1:key/2' });
  expect(answer.Status).toBe('SUCCESS');
  await rotate();
  expect(environment.notices.published).toEqual([]);
});

test('notifies people of unreadable settings and the next step', async () => {
  environment.rotation.tag(PASSWORD_SECRET, 'datafold:notice-topic', TOPIC);
  await expect(rotate()).rejects.toThrow(
    `The step createSecret of the rotation of ${PASSWORD_SECRET} failed. ${WHY}`,
  );
  const text = `The rotation of the password in the secret ${PASSWORD_SECRET} failed at createSecret. ${WHY}`;
  expect(environment.notices.published).toEqual([{ topic: TOPIC, subject: SUBJECT, text }]);
});

test('reports the first reason if the topic can not be read either', async () => {
  environment.faults.fail('secretsmanager:DescribeSecret', 'AccessDenied');
  await expect(rotate()).rejects.toThrow(WHY);
  expect(environment.notices.published).toEqual([]);
  expect(environment.log).toContainEqual(
    expect.objectContaining({ message: SUBJECT, notice: expect.stringContaining(WHY) }),
  );
});
