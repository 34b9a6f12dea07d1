import { MissingDependency } from '../runtime/failure';
import type { Fields } from '../runtime/fields';
import { attachUserPolicy, isAws, userMadeAgain } from './failure';
import { poll } from '../runtime/retry';
import type { Run } from './run';

/** IAM is eventually consistent: it may not list a new attachment yet. */
const RETRY_WINDOW_MS = 60_000;
const BACKOFF = { firstPauseMs: 1_000, maxPauseMs: 8_000 };

/** A problem of a user and the next step for a person. */
export interface UserProblem {
  readonly finding: string;
  /** Without a full stop. */
  readonly next: string;
}

/**
 * Throws MissingDependency if the policy of the logs user is not attached, after a retry window for IAM.
 *
 * CloudFormation attaches the policy when it creates the user. It "compares the changes you submit with the current state of your
 * stack and updates only the changed resources"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks.html), so it attaches nothing to a
 * user that was deleted and created again under the same name, as
 * https://repost.aws/knowledge-center/failing-stack-updates-deleted advises.
 *
 * The provisioner does not attach the policy itself: it would permanently need iam:AttachUserPolicy, which manages permissions,
 * and a person must check why somebody changed the permissions of the user.
 */
export async function assertPolicyAttached(run: Run, user: LogsUser): Promise<void> {
  let problem: UserProblem | undefined;
  const check = async () => {
    problem = await userProblem(run, user);
    return problem ? undefined : true;
  };
  await poll(
    run,
    BACKOFF,
    check,
    ({ elapsedMs, pauseMs }) => elapsedMs < RETRY_WINDOW_MS && run.timeLeft() >= pauseMs,
  );
  if (problem)
    throw new MissingDependency(
      `${problem.finding} ${problem.next}, then deploy again with another \`revision\`.`,
    );
}

/** Returns why the policy does not limit the user; undefined if it does. */
export async function userProblem(run: Run, user: LogsUser): Promise<UserProblem | undefined> {
  try {
    return await policyProblem(run, user);
  } catch (error) {
    if (!isAws(error, 'NoSuchEntity')) throw error;
    const { userName, userPolicy } = user;
    return {
      finding: `IAM user ${userName} does not exist (NoSuchEntity).`,
      next: `If the user was deleted, ${userMadeAgain(userName, userPolicy)}`,
    };
  }
}

/** Returns why the policy does not limit an existing user. Throws AwsFailure NoSuchEntity. */
export async function policyProblem(
  run: Run,
  { userName, userPolicy }: LogsUser,
): Promise<UserProblem | undefined> {
  const attached = await run.call(`managed policies of user ${userName}`, () =>
    run.aws.iam.listAttachedUserPolicies(userName),
  );
  if (attached.includes(userPolicy)) return undefined;
  return {
    finding: `The managed policy ${userPolicy} is not attached to IAM user ${userName}, whose access key it limits: it was detached, or the user was deleted and created again. Without the policy, a key of the user reads every log that the group of the user may read.`,
    next: `Attach the policy (${attachUserPolicy(userName, userPolicy)})`,
  };
}

/** An IAM user and the managed policy that limits what its access key may do. */
export interface LogsUser {
  readonly userName: string;
  /** The ARN. */
  readonly userPolicy: string;
}

export function parseLogsUser(fields: Fields): LogsUser {
  return { userName: fields.text('userName'), userPolicy: fields.text('userPolicyArn') };
}
