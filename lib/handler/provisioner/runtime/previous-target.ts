import { Failure, isFailed, reasonOf } from './failure';
import type { UpdateRequest } from './lifecycle';
import { Continue, type Done, type Outcome } from './outcome';
import { idAfterRemoval } from './physical-ids';
import { isRollingBack } from './stack-status';
import type { Run } from './run';

/** How an update removes the previous target after the new one is set up and checked. */
export interface PreviousTarget {
  /** A sentence for the case that the removal fails: `The role "datafold" on shop.example.com may still exist.` */
  readonly mayBeLeft: string;
  /** True if CloudFormation may have deleted the previous target, and the policy is already that of the new one. */
  readonly isReplacedByStack: boolean;
  /** Reverts what was set up there. Fails if that can't be checked. */
  readonly remove: (state: unknown, rollingBack: boolean) => Promise<Continue | undefined>;
}

interface Progress {
  readonly done?: Done;
  readonly removal?: unknown;
}

/** An update with its steps. */
export interface Move {
  readonly request: Pick<UpdateRequest<unknown>, 'state' | 'stackId' | 'physicalId'>;
  /** True if the current physical id names the desired target. */
  readonly isAtTarget: boolean;
  /** Sets up the target; its outcome has the id of the target. */
  readonly setUp: (state: unknown) => Promise<Outcome>;
  /** Undefined if none exists, or if the Delete in the cleanup can remove it. */
  readonly previous?: PreviousTarget;
}

/**
 * Sets up the target, then removes the previous one.
 *
 * A Delete in the cleanup may come too late: CloudFormation documents no order in which it removes the function, the policy and
 * the network path of the previous target. In the update all of them exist. The removal comes last, after all checks: only a
 * failure elsewhere in the stack can revert it. The new id says that the previous target is removed, so its Delete does nothing.
 */
export async function setUpThenRemovePrevious(
  { request, isAtTarget, setUp, previous }: Move,
  run: Run,
): Promise<Outcome> {
  const { done, removal } = (previous ? (request.state ?? {}) : {}) as Progress;
  const outcome = done ?? (await setUp(request.state));
  if (outcome instanceof Continue) return outcome;
  const { physicalId } = request;
  const answer = isAtTarget ? { ...outcome, physicalId } : outcome;
  if (!previous) return answer;
  const rollingBack = await isRollingBack(run, request.stackId);
  try {
    const later = await previous.remove(removal, rollingBack);
    if (later) return new Continue({ done: outcome, removal: later.state } satisfies Progress);
    return isAtTarget ? answer : { ...answer, physicalId: idAfterRemoval(answer.physicalId, physicalId) };
  } catch (error) {
    if (!isFailed(error)) throw error;
    const left = `${previous.mayBeLeft} ${reasonOf(error)}`;
    if (!rollingBack && !previous.isReplacedByStack) throw new Failure(left, error.code);
    run.log.warn('the previous target could not be removed', { error: left });
    return withNotice(answer, run.clean(previous.mayBeLeft));
  }
}

/** Reports the notice if the resource has an attribute for it. */
function withNotice(done: Done, notice: string): Done {
  const { Notices } = done.data ?? {};
  if (Notices === undefined) return done;
  return { ...done, data: { ...done.data, Notices: [Notices, notice].filter(Boolean).join(' ') } };
}
