import type { AccessKeyProperties } from '../../../../lib/private/wire/resources';
import { PROPERTIES, SECRET, setUpAccessKey, USER } from '../support/access-key';
import type { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

let environment: TestEnvironment;
let resource: StackResource<AccessKeyProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = setUpAccessKey(environment);
  await resource.create(PROPERTIES);
});
afterEach(async () => environment.stop());

/** The state after a Create that was interrupted before it created a key. */
const journalFor = async (userName: string) =>
  environment.secrets.write(
    SECRET,
    JSON.stringify({ requestId: 'request-1', userName, keys: [] }),
    'DATAFOLD_PENDING',
  );

test('deletes all keys of the user, so that the user can be deleted', async () => {
  environment.iam.addKey(USER, 'AKIABYHAND');
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(environment.iam.removeUser(USER)).toBe(true);
});

test('succeeds if user or secret do not exist, and if repeated', async () => {
  environment.secrets.drop(SECRET);
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect((await resource.remove()).Status).toBe('SUCCESS');
  environment.iam.removeUser(USER);
  expect((await resource.remove()).Status).toBe('SUCCESS');
});

test('succeeds if somebody else deletes the key first', async () => {
  environment.faults.fail('iam:DeleteAccessKey', 'NoSuchEntity', 'cannot be found', 1);
  expect((await resource.remove()).Status).toBe('SUCCESS');
});

test('fails at once without the permission', async () => {
  environment.faults.fail('iam:DeleteAccessKey', 'AccessDenied', 'explicit deny');
  const start = environment.clock.now();
  expect(await resource.remove()).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: `datafold-access-key/${USER}`,
    Reason: `iam:DeleteAccessKey on user ${USER}, key AKIAEXAMPLE1 failed with AccessDenied: explicit deny. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
  });
  expect(environment.clock.now()).toBe(start);
});

test('with a physical id that CloudFormation generated, deletes only the keys of the failed Create', async () => {
  environment.iam.addUser('other', PROPERTIES.userPolicyArn);
  environment.iam.addKey('other', 'AKIABYHAND');
  const answer = await resource.delete('shop-AccessKey-1A2B3C', { ...PROPERTIES, userName: 'other' });
  expect(answer.Status).toBe('SUCCESS');
  expect(environment.iam.keysOf('other')).toEqual(['AKIABYHAND']);

  await journalFor('other');
  await resource.delete('shop-AccessKey-1A2B3C', PROPERTIES);
  expect(environment.iam.keysOf(USER)).toEqual(['AKIAEXAMPLE1']);

  await journalFor(USER);
  await resource.delete('shop-AccessKey-1A2B3C', PROPERTIES);
  expect(environment.iam.keysOf(USER)).toEqual([]);
});
