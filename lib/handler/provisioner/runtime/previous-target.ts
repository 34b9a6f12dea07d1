import { Failure, reasonOf, Superseded } from './failure';
import type { UpdateRequest } from './lifecycle';
import { Continue, type Done, type Outcome } from './outcome';
import { idAfterRemoval } from './physical-ids';
import { isRollingBack } from './stack-status';
import type { Run } from './run';

/** What an update does with the target that it leaves, after the new one has been set up and checked. */
export interface PreviousTarget {
  /** A sentence for the case that the removal fails: `The role "datafold" on shop.example.com may still be there.` */
  readonly mayBeLeft: string;
  /** The previous target may be deleted with what it belongs to, and its policy be that of the new one already. */
  readonly isReplacedByStack: boolean;
  /** Undoes what was set up there; fails where that can't be checked. */
  readonly remove: (state: unknown, rollingBack: boolean) => Promise<Continue | undefined>;
}

interface Progress {
  readonly done?: Done;
  readonly removal?: unknown;
}

/** An update, and what it comes to. */
export interface Move {
  readonly request: Pick<UpdateRequest<unknown>, 'state' | 'stackId' | 'physicalId'>;
  /** True where the id that there is names the target that is wanted. */
  readonly isAtTarget: boolean;
  /** Its outcome has the id of the target. */
  readonly setUp: (state: unknown) => Promise<Outcome>;
  /** Undefined where there is none, or where a Delete in the clean-up is sure to find it. */
  readonly previous?: PreviousTarget;
}

/**
 * Sets up the target, then removes the previous one.
 *
 * That is not left to a Delete in the clean-up of the update, since the function, the policy and the network path of the
 * previous target may be removed before it: CloudFormation documents no order there. In the update they all exist still.
 * Removal comes last, after all checks: only a failure elsewhere in the stack can have it undone. The new id says that the
 * previous target is removed, so that its Delete has nothing to do.
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
    if (!(error instanceof Failure) || error instanceof Superseded) throw error;
    const left = `${previous.mayBeLeft} ${reasonOf(error)}`;
    if (!rollingBack && !previous.isReplacedByStack) throw new Failure(left, error.code);
    run.log.warn('the previous target could not be removed', { error: left });
    return withNotice(answer, run.clean(previous.mayBeLeft));
  }
}

/** Told where the resource has an attribute for it. */
function withNotice(done: Done, notice: string): Done {
  const { Notices } = done.data ?? {};
  if (Notices === undefined) return done;
  return { ...done, data: { ...done.data, Notices: [Notices, notice].filter(Boolean).join(' ') } };
}
