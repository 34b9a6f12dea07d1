import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, SECRET as FORMER, setUpAccessKey, USER } from '../support/access-key';
import type { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const OTHER = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:other-AbCdEf';
const MOVED = { ...PROPERTIES, secretArn: OTHER };

let environment: TestEnvironment;
let resource: StackResource<AccessKeyProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = setUpAccessKey(environment, OTHER);
  await resource.create(PROPERTIES);
});
afterEach(async () => environment.stop());

test('moves a key to another secret', async () => {
  const answer = await resource.update(MOVED);
  expect(answer.PhysicalResourceId).toBe(`datafold-access-key/${USER}`);
  expect(environment.secrets.jsonOf(OTHER)).toEqual(environment.secrets.jsonOf(FORMER));
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
});

test('creates no second key if the previous secret can not be read', async () => {
  const check = environment.faults.check.bind(environment.faults);
  environment.faults.check = (action, name) => {
    check(action, name);
    if (action === 'secretsmanager:GetSecretValue' && name === FORMER)
      throw new AwsFailure(action, name, 'AccessDenied');
  };
  const answer = await resource.update(MOVED);
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason:
      `The access key of user ${USER} is in the previous secret ${FORMER} and can't be moved. ` +
      `secretsmanager:GetSecretValue on ${FORMER} failed with AccessDenied. The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again. ` +
      'No second key is created: let the role read that secret, or delete the key in IAM if nobody uses it, then deploy again.',
  });
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);
});

test.each([
  ['the previous secret does not exist', () => environment.secrets.drop(FORMER)],
  [
    'the previous key is deactivated and its secret can not be read',
    () => {
      environment.iam.deactivate(USER, 'AKIAEXAMPLE1');
      environment.secrets.scheduleDeletion(FORMER);
    },
  ],
])('creates a new key if %s', async (_, happens) => {
  happens();
  expect((await resource.update(MOVED)).Status).toBe('SUCCESS');
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1', 'AKIAEXAMPLE2']);
});
