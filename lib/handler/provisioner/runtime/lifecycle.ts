import { CheckFailed, Failure, PartiallyCreated, reasonOf, Superseded } from './failure';
import { shorten } from '../../shorten';
import { Continue, type Outcome } from './outcome';
import type { CustomResourceEvent } from './event';
import { ownerKey, stackNameOf } from './physical-ids';
import { isRemovedByUpdate } from './confirmed';
import { isRollback, stackStatus } from './stack-status';
import type { Run, RuntimePorts } from './run';

/** The value of an attribute that could not be read in a rollback; attributes are never missing, since others may use them. */
export const UNKNOWN = 'unknown';

/** Bytes of a reason within a notice; CloudFormation accepts 4096 for the whole response. */
const MAX_REASON_BYTES = 700;

/** What every request has, whatever its type. */
export interface Request<P> {
  readonly desired: P;
  readonly stackId: string;
  readonly ownerKey: string;
  readonly stackName: string;
  readonly requestId: string;
  /** The state of the previous invocation; undefined in the first one. */
  readonly state: unknown;
}

/** A request for an existing resource. */
export interface UpdateRequest<P> extends Request<P> {
  readonly physicalId: string;
  /** Undefined if the old properties are invalid. */
  readonly previous?: P;
}

/** A request to remove a resource, or what a failed Create left of it. */
export interface RemoveRequest<P> extends Request<P> {
  /** Undefined after a failed Create, or for an id that CloudFormation generated. */
  readonly physicalId?: string;
}

/** One type of custom resource. */
export interface Lifecycle<P, A extends RuntimePorts = RuntimePorts> {
  parse(properties: unknown): P;
  /** The start of each physical id that a successful Create of this type returns, and no other type. */
  readonly idPrefix: string;
  create(request: Request<P>, run: Run<A>): Promise<Outcome>;
  update(request: UpdateRequest<P>, run: Run<A>): Promise<Outcome>;
  remove(request: RemoveRequest<P>, run: Run<A>): Promise<Continue | undefined>;
  /**
   * Returns the physical id and all attributes for a rollback that meets something missing, denied or unreachable. Removes only
   * what the failed update may have left elsewhere; `notice` says what was not done.
   */
  answerWithoutWork(request: UpdateRequest<P>, notice: string, run: Run<A>): Promise<Outcome>;
  /** True if an update to another target removes the previous one itself. */
  readonly removesPrevious?: boolean;
  /** Reverts the changes of a failed Create. */
  undo?(request: Request<P>, run: Run<A>): Promise<void>;
}

/** Handles any event of one type. */
export type Handle<A extends RuntimePorts = RuntimePorts> = (
  event: CustomResourceEvent,
  state: unknown,
  run: Run<A>,
) => Promise<Outcome>;

/** Returns the handler of a type: it parses the event, calls the lifecycle and decides what a failure means in a rollback. */
export function handleBy<P, A extends RuntimePorts>(lifecycle: Lifecycle<P, A>): Handle<A> {
  return async (event, state, run) => {
    const { requestType, requestId, physicalResourceId = '' } = event;
    const made = physicalResourceId.startsWith(lifecycle.idPrefix);
    if (requestType === 'Delete' && !made && !understood(lifecycle, event.properties))
      return { physicalId: physicalResourceId };
    const request: Request<P> = {
      desired: lifecycle.parse(event.properties),
      stackId: event.stackId,
      ownerKey: ownerKey(event.stackId, event.logicalResourceId),
      stackName: stackNameOf(event.stackId),
      requestId,
      state,
    };
    switch (requestType) {
      case 'Create':
        return createOrUndo(lifecycle, request, run);
      case 'Update': {
        const previous = understood(lifecycle, event.oldProperties);
        const update = { ...request, physicalId: physicalResourceId, previous };
        return inTime(await updateOrTolerate(lifecycle, update, event.stackId, run), run);
      }
      case 'Delete': {
        const physicalId = made ? physicalResourceId : undefined;
        if (made && lifecycle.removesPrevious && (await isRemovedByUpdate(run, event))) {
          run.log.info('nothing to remove: the update has removed it');
          return { physicalId: physicalResourceId };
        }
        const outcome = await lifecycle.remove({ ...request, physicalId }, run);
        return inTime(outcome ?? { physicalId: physicalResourceId }, run);
      }
    }
  };
}

/**
 * Lets a rollback succeed despite a failed check or a missing, denied or unreachable dependency, or the stack would be stuck.
 * Everything else fails: a rollback must not succeed after a failed change.
 */
async function updateOrTolerate<P, A extends RuntimePorts>(
  lifecycle: Lifecycle<P, A>,
  request: UpdateRequest<P>,
  stackId: string,
  run: Run<A>,
): Promise<Outcome> {
  try {
    return await lifecycle.update(request, run);
  } catch (error) {
    if (!isTolerable(error)) throw error;
    const status = await stackStatus(run, stackId).catch((unknown: unknown) => {
      throw new Failure(`${reasonOf(error)} ${statusUnknown(unknown)}`, error.code);
    });
    if (!isRollback(status)) throw error;
    return onRollback(lifecycle, request, error, run);
  }
}

function statusUnknown(error: unknown): string {
  return `It could not be read whether this is a rollback, which would continue: ${reasonOf(error)} If the stack is UPDATE_ROLLBACK_FAILED, run aws cloudformation continue-update-rollback instead.`;
}

function isTolerable(error: unknown): error is Failure {
  return error instanceof CheckFailed || (error instanceof Failure && error.tolerateDuringRollback);
}

async function onRollback<P, A extends RuntimePorts>(
  lifecycle: Lifecycle<P, A>,
  request: UpdateRequest<P>,
  error: Failure,
  run: Run<A>,
): Promise<Outcome> {
  if (error instanceof CheckFailed) {
    run.log.warn('a check failed, but the stack is being rolled back', { error: reasonOf(error) });
    try {
      return await error.onRollback();
    } catch (second) {
      if (!isTolerable(second)) throw second;
      return onRollback(lifecycle, request, second, run);
    }
  }
  const notice = incomplete(run, error);
  run.log.warn('the rollback could not restore the resource', { notice });
  return lifecycle.answerWithoutWork(request, notice, run);
}

/** Returns the notice for the attributes: what was not done, and the next step. */
function incomplete(run: Run, error: Failure): string {
  const reason = shorten(run.clean(reasonOf(error)), MAX_REASON_BYTES);
  return `The rollback could not restore this resource: ${reason} After that, deploy with another \`revision\`: without it CloudFormation sends no update.`;
}

async function createOrUndo<P, A extends RuntimePorts>(
  lifecycle: Lifecycle<P, A>,
  request: Request<P>,
  run: Run<A>,
): Promise<Outcome> {
  try {
    return inTime(await lifecycle.create(request, run), run);
  } catch (error) {
    if (error instanceof Superseded) throw error; // a Delete follows
    try {
      await lifecycle.undo?.(request, run);
    } catch (second) {
      throw run.failure(`${reasonOf(error)} ${alsoFailed(error, second)}`);
    }
    throw error;
  }
}

function alsoFailed(first: unknown, second: unknown): string {
  if (second instanceof PartiallyCreated) return second.message;
  const reason = reasonOf(second);
  if (reasonOf(first).startsWith(reason)) return 'Reverting the changes failed for the same reason.';
  return `Reverting the changes failed too: ${reason}`;
}

function inTime(outcome: Outcome, run: Run): Outcome {
  if (outcome instanceof Continue && run.exhausted)
    throw new Failure(
      `Gave up after the longest time that CloudFormation allows, waiting for this: ${run.waitingFor}. Find the cause of the delay, then deploy again.`,
    );
  return outcome;
}

function understood<P>(lifecycle: Pick<Lifecycle<P>, 'parse'>, properties: unknown): P | undefined {
  try {
    return lifecycle.parse(properties);
  } catch {
    return undefined;
  }
}
