import { isAws, notAllowed, userMadeAgain, type AwsFailure } from '../aws/failure';
import type { IamGroup } from '../aws/ports';
import { MissingDependency, type Failure } from '../runtime/failure';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import {
  LOGS_USER_GROUP,
  logsUserGroupId,
  type LogsUserGroupRequest,
  parseLogsUserGroup,
} from './properties';
import type { Lifecycle, Run } from '../aws/run';
import { retry } from '../runtime/retry';
import { assertPolicyAttached } from '../aws/logs-user-policy';

/** The path of groups that this library creates. A group with another path belongs to somebody else and is never changed. */
export const OWN_PATH = '/datafold/';
/** IAM is eventually consistent: the next call may not find a new object yet. */
const RETRY_WINDOW_MS = 60_000;
const BACKOFF = { firstPauseMs: 1_000, maxPauseMs: 8_000 };
/** How long a removed user may still be listed as a member. */
const SETTLE_MS = 5_000;

/**
 * The membership of the logs user in the IAM group of Datafold's guide.
 *
 * The name of the group is fixed and exists once per account, so the stacks of all regions share it: the first
 * one creates the group, and the removal of the last user deletes it.
 */
export const logsUserGroup: Lifecycle<LogsUserGroupRequest> = {
  parse: parseLogsUserGroup,
  idPrefix: LOGS_USER_GROUP,

  create: join,
  update: join,

  /** Without the group the user still has the permissions of its own policy. */
  async answerWithoutWork({ desired }, notice) {
    return done(desired, UNKNOWN, notice);
  },

  async undo({ desired }, run) {
    await removeFromGroup(run, desired);
  },

  async remove({ desired, physicalId }, run) {
    await removeFromGroup(run, desired).catch((error: unknown) => {
      if (physicalId !== undefined) throw error;
      return notAllowed(run, error);
    });
    return undefined;
  },
};

async function join({ desired }: Request<LogsUserGroupRequest>, run: Run): Promise<Done> {
  return done(desired, await addToGroup(run, desired));
}

function done({ groupName, userName }: LogsUserGroupRequest, GroupPath: string, Notice = ''): Done {
  return {
    physicalId: logsUserGroupId(groupName, userName),
    data: { GroupName: groupName, GroupPath, Notice },
  };
}

/** Adds the user to the group, which is created if missing, and returns the path of the group. */
async function addToGroup(run: Run, desired: LogsUserGroupRequest): Promise<string> {
  const { userName, groupName } = desired;
  await assertPolicyAttached(run, desired);
  let group: IamGroup | undefined;
  const attempt = async () => {
    group = await find(run, groupName);
    if (!group) await create(run, groupName);
    await run.call(`membership of user ${userName} in group ${groupName}`, () =>
      run.aws.iamGroups.addUserToGroup(groupName, userName),
    );
    const path = group?.path ?? OWN_PATH;
    // After the membership, which prevents that another stack deletes the group.
    if (path === OWN_PATH) await attachPolicy(run, desired);
    return path;
  };
  return retry(
    run,
    BACKOFF,
    attempt,
    (error, { elapsedMs, pauseMs }) =>
      isNotVisible(error) && elapsedMs < RETRY_WINDOW_MS && run.timeLeft() >= pauseMs,
  ).catch((error: unknown) => {
    throw isNotVisible(error) ? explained(error.code, desired, group) : error;
  });
}

/** True for a group that is not visible yet, or was deleted since with the last user of another stack. */
function isNotVisible(error: unknown): error is AwsFailure {
  return isAws(error, 'NoSuchEntity', 'EntityAlreadyExists');
}

function explained(code: string, desired: LogsUserGroupRequest, group?: IamGroup): Failure {
  const { userName, userPolicy, groupName } = desired;
  const why =
    code === 'EntityAlreadyExists'
      ? `iam:CreateGroup for ${groupName} failed with ${code}, but iam:GetGroup does not find the group: a group exists whose name differs only in case. Set its exact name as \`groupName\`, then deploy again.`
      : `iam:AddUserToGroup for user ${userName} and group ${groupName} failed with ${code} for ${RETRY_WINDOW_MS / 1_000} seconds, although the group ${group ? 'exists' : 'was just created'}: the user does not exist. If it was deleted, ${userMadeAgain(userName, userPolicy)}, then deploy again with another \`revision\`.`;
  return new MissingDependency(why, code);
}

async function create(run: Run, groupName: string): Promise<void> {
  await run.call(`new group ${groupName}`, () => run.aws.iamGroups.createGroup(groupName, OWN_PATH));
}

async function attachPolicy(run: Run, { groupName, policyArn }: LogsUserGroupRequest): Promise<void> {
  const attached = await run.call(`policies of group ${groupName}`, () =>
    run.aws.iamGroups.listAttachedGroupPolicies(groupName),
  );
  if (attached.includes(policyArn)) return;
  await run.call(`policy of group ${groupName}`, () =>
    run.aws.iamGroups.attachGroupPolicy(groupName, policyArn),
  );
}

/** Removes the user from the group, and the group with its last user. */
async function removeFromGroup(run: Run, desired: LogsUserGroupRequest): Promise<void> {
  const { userName, groupName, policyArn } = desired;
  await ignoreMissing(run, groupName, `removal of user ${userName} from group ${groupName}`, () =>
    run.aws.iamGroups.removeUserFromGroup(groupName, userName),
  );
  const group = await findSettled(run, desired);
  if (group?.path !== OWN_PATH) return;
  if (hasOtherMembers(group, userName)) {
    // An interrupted deletion may have detached the policy.
    await ignoreMissing(run, groupName, undefined, () => attachPolicy(run, desired));
    return;
  }
  await ignoreMissing(run, groupName, `removal of the policy of group ${groupName}`, () =>
    run.aws.iamGroups.detachGroupPolicy(groupName, policyArn),
  );
  try {
    await ignoreMissing(run, groupName, `deletion of group ${groupName}`, () =>
      run.aws.iamGroups.deleteGroup(groupName),
    );
  } catch (error) {
    if (!isAws(error, 'DeleteConflict')) throw error;
    run.log.warn('group kept: it has another user or another policy', { groupName });
    await ignoreMissing(run, groupName, undefined, () => attachPolicy(run, desired));
  }
}

/** Returns the group after recent removals are visible: the last two users may be removed at the same time. */
async function findSettled(run: Run, { userName, groupName }: LogsUserGroupRequest) {
  const group = await find(run, groupName);
  if (group?.path !== OWN_PATH || !hasOtherMembers(group, userName)) return group;
  await run.pause(SETTLE_MS);
  return find(run, groupName);
}

const find = async (run: Run, groupName: string) =>
  run.call(`group ${groupName}`, () => run.aws.iamGroups.findGroup(groupName));

const hasOtherMembers = ({ userNames, hasMore }: IamGroup, userName: string) =>
  hasMore || userNames.some((name) => name !== userName);

/**
 * Runs a step on a group and ignores a missing group.
 *
 * The path is a part of the ARN for which IAM checks permissions. IAM does not know the path of a missing group, so a
 * permission for `group/datafold/NAME` does not apply, and the error may be AccessDenied.
 */
async function ignoreMissing(
  run: Run,
  groupName: string,
  what: string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await (what === undefined ? work() : run.call(what, work));
  } catch (error) {
    if (isAws(error, 'NoSuchEntity')) return;
    if (isAws(error, 'AccessDenied') && (await find(run, groupName)) === undefined) return;
    throw error;
  }
}
