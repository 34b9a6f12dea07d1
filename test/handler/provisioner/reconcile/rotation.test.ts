import { PASSWORD_SECRET, PROPERTIES, setUpAccess } from '../support/access';
import { ROTATION_PARAMETER, setUpRotation } from '../support/rotation';
import { TestEnvironment } from '../support/test-environment';
import { drift, findingsIn, reconcileTask, verifiedIn } from '../support/reconcile';

const task = reconcileTask({
  rotatesPassword: 'true',
});

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  await setUpAccess(environment).resource.create(PROPERTIES);
});
afterEach(async () => environment.stop());

const findings = () => findingsIn(environment);
const verified = () => verifiedIn(environment);

test('the settings of a password rotation as they were deployed are no finding', async () => {
  setUpRotation(environment);
  await environment.tasks(task);
  expect(findings()).toEqual([]);
  expect(environment.log).toContainEqual(drift(0));
});

test('missing settings of a password rotation are a finding and count as drift, and the other parts run', async () => {
  await environment.tasks(task);
  expect(findings()).toEqual([
    {
      kind: 'drift',
      finding: `The parameter ${ROTATION_PARAMETER} of Systems Manager with the settings of the rotation does not exist. Remove \`rotatePassword\` from the app and deploy, then set \`rotatePassword\` again and deploy: this creates the parameter again. If the app does not set \`rotatePassword\`, turn off the rotation of the secret ${PASSWORD_SECRET} (aws secretsmanager cancel-rotate-secret).`,
      next: 'Until then the password is not rotated.',
    },
  ]);
  expect(environment.log).toContainEqual(drift(1));
  expect(verified()).toBe(true);
});

test('checks no settings for a password that is not rotated', async () => {
  await environment.tasks({ ...task, rotatesPassword: undefined });
  expect(findings()).toEqual([]);
  expect(environment.faults.calls.filter((call) => call.startsWith('ssm:'))).toEqual([]);
});
