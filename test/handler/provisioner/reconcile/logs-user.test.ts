import { PROPERTIES, setUpAccess } from '../support/access';
import { USER, USER_POLICY } from '../support/access-key';
import { TestEnvironment } from '../support/test-environment';
import { drift, findingsIn, reconcileTask, verifiedIn } from '../support/reconcile';

const task = reconcileTask({
  logsUsers: [{ userName: USER, userPolicyArn: USER_POLICY }],
});

let environment: TestEnvironment;
beforeEach(async () => {
  environment = await TestEnvironment.start();
  await setUpAccess(environment).resource.create(PROPERTIES);
  environment.iam.addUser(USER, USER_POLICY);
});
afterEach(async () => environment.stop());

const findings = () => findingsIn(environment);
const verified = () => verifiedIn(environment);

test('a user with the policy that limits its key has no finding', async () => {
  await environment.tasks(task);
  expect(findings()).toEqual([]);
  expect(environment.log).toContainEqual(drift(0));
});

test('a detached policy of the logs user is a finding and counts as drift, and is not attached', async () => {
  environment.iam.detachUserPolicy(USER, USER_POLICY);
  await environment.tasks(task);
  expect(findings()).toEqual([
    {
      kind: 'drift',
      finding: `The managed policy ${USER_POLICY} is not attached to IAM user ${USER}, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read.`,
      next: `Attach the policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}). After that, deploy with another \`revision\`.`,
    },
  ]);
  expect(environment.log).toContainEqual(drift(1));
  expect(verified()).toBe(true);
});

test('a deleted logs user is a finding and counts as drift', async () => {
  environment.iam.dropUser(USER);
  await environment.tasks(task);
  expect(findings()).toEqual([
    {
      kind: 'drift',
      finding: `IAM user ${USER} does not exist (NoSuchEntity).`,
      next: `If the user was deleted, create it again under the same name (aws iam create-user --user-name ${USER}), attach its managed policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}). After that, deploy with another \`revision\`.`,
    },
  ]);
  expect(environment.log).toContainEqual(drift(1));
});

test('a denied list of the policies is a finding, and the other parts run', async () => {
  environment.faults.fail('iam:ListAttachedUserPolicies', 'AccessDenied');
  await environment.tasks(task);
  expect(findings()).toEqual([
    expect.objectContaining({
      kind: 'skipped',
      finding: expect.stringMatching(
        /^It is not known whether the policy of IAM user shop-Reader-1A2B is attached: iam:ListAttachedUserPolicies on user shop-Reader-1A2B failed with AccessDenied\. /,
      ) as string,
    }),
  ]);
  expect(verified()).toBe(true);
});

test('checks no policies for a server without a logs user', async () => {
  await environment.tasks({ ...task, logsUsers: undefined });
  expect(environment.faults.calls.filter((call) => call.startsWith('iam:'))).toEqual([]);
});
