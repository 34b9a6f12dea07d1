import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { HOST, RUNNER, setUpAccess, PASSWORD_SECRET as SECRET } from '../support/access';
import { setUpRotation } from '../support/rotation';
import { TestEnvironment } from '../support/test-environment';

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  setUpAccess(environment);
  setUpRotation(environment);
  environment.rotation.begin(SECRET, 'token-1');
});
afterEach(async () => {
  for (const password of environment.rotation.texts(SECRET)) environment.secret(password);
  await environment.stop();
});

const step = async (Step: string) =>
  environment.rotate({ Step, SecretId: SECRET, ClientRequestToken: 'token-1' });
const failed = (name: string) => `The step ${name} of the rotation of ${SECRET} failed.`;

test('a step that hangs fails before the function times out', async () => {
  await step('createSecret');
  const start = environment.clock.now();
  jest.spyOn(environment.functions, 'invoke').mockReturnValue(new Promise(() => undefined));
  await expect(step('setSecret')).rejects.toThrow(
    `${failed('setSecret')} The work did not end before the function's timeout; it was waiting for this: sql-runner ${RUNNER}, set-password on ${HOST}. Find the cause of the delay, then rotate the secret again.`,
  );
  expect(environment.clock.now() - start).toBeLessThan(environment.timeout);
});

test('a new password that the server quotes appears in no error, log or notice', async () => {
  await step('createSecret');
  const [password] = environment.rotation.texts(SECRET);
  const error = { message: `syntax error at or near "${password}"`, code: '42601', retryable: false };
  environment.functions.next(environment.functions.answer(JSON.stringify({ ok: false, error })));
  await expect(step('setSecret')).rejects.toThrow(`${failed('setSecret')} syntax error at or near "***"`);
  expect(environment.notices.published.map(({ text }) => text)).toEqual([
    'The rotation of the password of role datafold failed at setSecret. syntax error at or near "***"',
  ]);
});

test('a new password that AWS quotes appears in no error', async () => {
  environment.rotation.writePending = async (name, _, text) => {
    throw new AwsFailure('secretsmanager:PutSecretValue', name, 'Strange', `not ${environment.secret(text)}`);
  };
  await expect(step('createSecret')).rejects.toThrow(
    `${failed('createSecret')} secretsmanager:PutSecretValue on ${SECRET} failed with Strange: not ***.`,
  );
});
