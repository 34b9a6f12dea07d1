import type { LogsUserGroupProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const GROUP = 'CloudWatchLogsReadOnly';
const POLICY = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';
const USER_POLICY = 'arn:aws:iam::111122223333:policy/shop-UserPolicy-5E6F';
const USER = 'shop-User-1A2B';
const OTHER = 'sales-User-3C4D';
const PROPERTIES: LogsUserGroupProperties = {
  userName: USER,
  userPolicyArn: USER_POLICY,
  groupName: GROUP,
  policyArn: POLICY,
};
const OF_OTHER: LogsUserGroupProperties = { ...PROPERTIES, userName: OTHER };
const OTHER_STACK =
  'arn:aws:cloudformation:eu-west-1:111122223333:stack/sales/0f3c9a10-aaaa-bbbb-cccc-343434343434';

let environment: TestEnvironment;
let membership: StackResource<LogsUserGroupProperties>;
let ofOther: StackResource<LogsUserGroupProperties>;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  environment.iam.addUser(USER, USER_POLICY);
  environment.iam.addUser(OTHER, USER_POLICY);
  membership = new StackResource(environment, 'Custom::DatafoldLogsUserGroup', 'Group');
  ofOther = new StackResource(environment, 'Custom::DatafoldLogsUserGroup', 'Group', OTHER_STACK);
});

afterEach(async () => {
  await environment.stop();
});

/** Runs an action of another stack just before a call returns. */
function meanwhile(action: string, work: () => Promise<unknown>): void {
  environment.iam.before[action] = async () => {
    const goOn = environment.clock.hold();
    await work();
    goOn();
  };
}

const group = () => environment.iam.groupAsSeen(GROUP);
const own = (...users: string[]) => ({ path: '/datafold/', users, policies: [POLICY] });

describe('create', () => {
  test('creates the missing group of the guide, and adds the user', async () => {
    expect(await membership.create(PROPERTIES)).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: `datafold-logs-user-group/${GROUP}/${USER}`,
      Data: { GroupName: GROUP, GroupPath: '/datafold/' },
    });
    expect(group()).toEqual(own(USER));
  });

  test('adds the user to the group that another stack created', async () => {
    await ofOther.create(OF_OTHER);
    expect((await membership.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(group()).toEqual(own(OTHER, USER));
  });

  test('attaches the policy again that was detached from a group of this library', async () => {
    await ofOther.create(OF_OTHER);
    await environment.iam.detachGroupPolicy(GROUP, POLICY);
    await membership.create(PROPERTIES);
    expect(group()).toEqual(own(OTHER, USER));
  });

  test.each([
    ['with the policy', [POLICY]],
    ['without the policy', []],
    ['with other policies', ['arn:aws:iam::aws:policy/ReadOnlyAccess']],
  ])(
    'adds the user to a group that was created by hand %s, and does not change the group',
    async (_, policies) => {
      environment.iam.addGroup(GROUP, '/team/', policies);
      expect(await membership.create(PROPERTIES)).toMatchObject({
        Status: 'SUCCESS',
        Data: { GroupPath: '/team/' },
      });
      expect(group()).toEqual({ path: '/team/', users: [USER], policies });
      await membership.remove();
      expect(group()).toEqual({ path: '/team/', users: [], policies });
    },
  );

  test('a repeated Create changes nothing', async () => {
    await membership.create(PROPERTIES);
    const before = environment.faults.calls.length;
    await membership.create(PROPERTIES);
    expect(environment.faults.calls.slice(before)).toEqual([
      `iam:ListAttachedUserPolicies user ${USER}`,
      `iam:GetGroup group ${GROUP}`,
      `iam:AddUserToGroup group ${GROUP}`,
      `iam:ListAttachedGroupPolicies group ${GROUP}`,
    ]);
    expect(group()).toEqual(own(USER));
  });

  test('waits until IAM finds the new group', async () => {
    environment.iam.groupDelay = 20_000;
    expect((await membership.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(group()).toEqual(own(USER));
  });

  test('adds the user to a group that another stack creates at the same moment', async () => {
    meanwhile('CreateGroup', async () => ofOther.create(OF_OTHER));
    expect((await membership.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(group()).toEqual(own(OTHER, USER));
  });

  test('creates the group again that another stack deletes at the same moment', async () => {
    await ofOther.create(OF_OTHER);
    meanwhile('AddUserToGroup', async () => ofOther.remove());
    expect((await membership.create(PROPERTIES)).Status).toBe('SUCCESS');
    expect(group()).toEqual(own(USER));
  });

  test('names a group whose name differs only in case', async () => {
    environment.iam.addGroup('cloudwatchlogsreadonly');
    expect((await membership.create(PROPERTIES)).Reason).toBe(
      `iam:CreateGroup for ${GROUP} failed with EntityAlreadyExists, but iam:GetGroup does not find the group: a group exists whose name differs only in case. Set its exact name as \`groupName\`, then deploy again.`,
    );
    expect(environment.iam.groupAsSeen('cloudwatchlogsreadonly')).toEqual({
      path: '/',
      users: [],
      policies: [],
    });
  });

  test('fails if the user does not exist, and leaves no group', async () => {
    environment.iam.removeUser(USER);
    expect((await membership.create(PROPERTIES)).Reason).toBe(
      `IAM user ${USER} does not exist (NoSuchEntity). If the user was deleted, create it again under the same name (aws iam create-user --user-name ${USER}), attach its managed policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}), then deploy again with another \`revision\`.`,
    );
    expect(group()).toBeUndefined();
  });

  test('fails if the user is deleted at the same moment, and leaves no group', async () => {
    meanwhile('AddUserToGroup', async () => Promise.resolve(environment.iam.removeUser(USER)));
    expect((await membership.create(PROPERTIES)).Reason).toBe(
      `iam:AddUserToGroup for user ${USER} and group ${GROUP} failed with NoSuchEntity for 60 seconds, although the group exists: the user does not exist. If it was deleted, create it again under the same name (aws iam create-user --user-name ${USER}), attach its managed policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}), then deploy again with another \`revision\`.`,
    );
    expect(group()).toBeUndefined();
  });

  test('does not add a user without the policy that limits its key, and leaves no group', async () => {
    environment.iam.detachUserPolicy(USER, USER_POLICY);
    expect((await membership.create(PROPERTIES)).Reason).toBe(
      `The managed policy ${USER_POLICY} is not attached to IAM user ${USER}, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read. Attach the policy (aws iam attach-user-policy --user-name ${USER} --policy-arn ${USER_POLICY}), then deploy again with another \`revision\`.`,
    );
    expect(environment.faults.calls.filter((call) => /CreateGroup|AddUserToGroup/.test(call))).toEqual([]);
    expect(group()).toBeUndefined();
  });

  test('a failed Create leaves nothing', async () => {
    environment.faults.fail(
      'iam:AttachGroupPolicy',
      'AccessDenied',
      'because a service control policy denies it',
    );
    expect((await membership.create(PROPERTIES)).Status).toBe('FAILED');
    expect(group()).toBeUndefined();
  });
});

describe('delete', () => {
  test('of the last user removes the group of this library', async () => {
    await membership.create(PROPERTIES);
    await ofOther.create(OF_OTHER);
    expect((await membership.remove()).Status).toBe('SUCCESS');
    expect(group()).toEqual(own(OTHER));
    expect((await ofOther.remove()).Status).toBe('SUCCESS');
    expect(group()).toBeUndefined();
  });

  test('a repeated Delete does nothing', async () => {
    await membership.create(PROPERTIES);
    await membership.remove();
    expect((await membership.remove()).Status).toBe('SUCCESS');
  });

  test.each([
    ['the user', () => environment.iam.removeUser(USER)],
    ['the group', () => environment.iam.groups.delete(GROUP)],
  ])('succeeds if somebody deleted %s', async (_, byHand) => {
    await membership.create(PROPERTIES);
    environment.iam.groups.get(GROUP)!.users.delete(USER);
    byHand();
    expect((await membership.remove()).Status).toBe('SUCCESS');
    expect(group()).toBeUndefined();
  });

  test('of two stacks at the same time leaves no group, although each still sees the user of the other', async () => {
    await membership.create(PROPERTIES);
    await ofOther.create(OF_OTHER);
    environment.iam.departureDelay = 4_000;
    const answers = await Promise.all([membership.remove(), ofOther.remove()]);
    expect(answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(group()).toBeUndefined();
  });

  test.each(['DetachGroupPolicy', 'DeleteGroup'])(
    'keeps the group, with its policy, that another user joins just before %s',
    async (action) => {
      await membership.create(PROPERTIES);
      meanwhile(action, async () => ofOther.create(OF_OTHER));
      expect((await membership.remove()).Status).toBe('SUCCESS');
      expect(group()).toEqual(own(OTHER));
    },
  );

  test('repeated after an interruption, attaches the policy again that other users need', async () => {
    await membership.create(PROPERTIES);
    await ofOther.create(OF_OTHER);
    await environment.iam.detachGroupPolicy(GROUP, POLICY);
    await membership.remove();
    expect(group()).toEqual(own(OTHER));
  });

  test('keeps a group of this library with another policy', async () => {
    await membership.create(PROPERTIES);
    await environment.iam.attachGroupPolicy(GROUP, 'arn:aws:iam::111122223333:policy/theirs');
    expect((await membership.remove()).Status).toBe('SUCCESS');
    expect(group()).toMatchObject({ users: [], policies: expect.arrayContaining([POLICY]) });
    expect(environment.log.map(({ message }) => message)).toContain(
      'group kept: it has another user or another policy',
    );
  });

  test('ignores AccessDenied for a group that no longer exists, whose path IAM does not know', async () => {
    await membership.create(PROPERTIES);
    environment.iam.rightsByPath = true;
    meanwhile('DeleteGroup', async () => environment.iam.groups.delete(GROUP));
    expect((await membership.remove()).Status).toBe('SUCCESS');
  });

  test('fails without the permission to delete the group', async () => {
    await membership.create(PROPERTIES);
    environment.faults.fail('iam:DeleteGroup', 'AccessDenied', 'because a service control policy denies it');
    expect((await membership.remove()).Reason).toBe(
      `iam:DeleteGroup on group ${GROUP} failed with AccessDenied: because a service control policy denies it. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
    );
  });
});

describe('update', () => {
  test('moves the user to a group of another name', async () => {
    await membership.create(PROPERTIES);
    await membership.update({ ...PROPERTIES, groupName: 'DatafoldLogs' });
    expect(group()).toBeUndefined();
    expect(environment.iam.groupAsSeen('DatafoldLogs')).toEqual(own(USER));
  });

  test('creates a deleted group again', async () => {
    await membership.create(PROPERTIES);
    environment.iam.groups.delete(GROUP);
    await membership.update({ ...PROPERTIES, revision: '2' } as LogsUserGroupProperties);
    expect(group()).toEqual(own(USER));
  });

  test('a deleted user fails an update, but not its rollback', async () => {
    await membership.create(PROPERTIES);
    environment.iam.groups.get(GROUP)!.users.delete(USER);
    environment.iam.removeUser(USER);
    const answer = await membership.update({ ...PROPERTIES, revision: '2' } as LogsUserGroupProperties);
    expect(answer.Status).toBe('FAILED');
    expect(membership.answers.map(({ Status }) => Status)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS']);
  });
});
