import { MissingDependency } from '../runtime/failure';
import type { Fields } from '../runtime/fields';
import { attachUserPolicy, isAws, userMadeAgain } from './failure';
import { poll } from '../runtime/retry';
import type { Run } from './run';

/** IAM is eventually consistent: a policy that CloudFormation attached just now may not be listed yet. */
const RETRY_WINDOW_MS = 60_000;
const BACKOFF = { firstPauseMs: 1_000, maxPauseMs: 8_000 };

/** What somebody changed of a user, and what a person does about it. */
export interface UserProblem {
  readonly finding: string;
  /** Without a full stop. */
  readonly next: string;
}

/**
 * Fails where the policy of the logs user is not attached to it, after a while in which IAM may come to know of it.
 *
 * CloudFormation attaches the policy as it makes the user. It "compares the changes you submit with the current state of your
 * stack and updates only the changed resources"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks.html), so it attaches nothing to a
 * user that somebody deleted and made again under the same name, as
 * https://repost.aws/knowledge-center/failing-stack-updates-deleted advises.
 *
 * The provisioner does not attach the policy itself. It would need iam:AttachUserPolicy, a right to manage permissions, for good;
 * and somebody who may manage the permissions of users has changed one, which is for a person to look at.
 */
export async function assertPolicyAttached(run: Run, user: LogsUser): Promise<void> {
  let problem: UserProblem | undefined;
  const look = async () => {
    problem = await userProblem(run, user);
    return problem ? undefined : true;
  };
  await poll(
    run,
    BACKOFF,
    look,
    ({ elapsedMs, pauseMs }) => elapsedMs < RETRY_WINDOW_MS && run.timeLeft() >= pauseMs,
  );
  if (problem)
    throw new MissingDependency(
      `${problem.finding} ${problem.next}, then deploy again with another \`revision\`.`,
    );
}

/** What keeps the policy from limiting the user now; undefined where nothing does. */
export async function userProblem(run: Run, user: LogsUser): Promise<UserProblem | undefined> {
  try {
    return await policyProblem(run, user);
  } catch (error) {
    if (!isAws(error, 'NoSuchEntity')) throw error;
    const { userName, userPolicy } = user;
    return {
      finding: `IAM user ${userName} does not exist (NoSuchEntity).`,
      next: `If somebody deleted it, ${userMadeAgain(userName, userPolicy)}`,
    };
  }
}

/** The same for a user that exists; fails with NoSuchEntity for another. */
export async function policyProblem(
  run: Run,
  { userName, userPolicy }: LogsUser,
): Promise<UserProblem | undefined> {
  const attached = await run.call(`managed policies of user ${userName}`, () =>
    run.aws.iam.listAttachedUserPolicies(userName),
  );
  if (attached.includes(userPolicy)) return undefined;
  return {
    finding: `The managed policy ${userPolicy} is not attached to IAM user ${userName}, whose access key it limits: somebody detached it, or deleted the user and made it again. Without it, a key of the user reads every log that the group of the user may read.`,
    next: `Attach it (${attachUserPolicy(userName, userPolicy)})`,
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
