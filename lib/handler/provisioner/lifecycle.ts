import { CheckFailed, Failure, HalfMade, reasonOf } from './failure';
import { ContinueLater, type Outcome } from './outcome';
import type { CustomResourceEvent } from './parse/event';
import { ownerKey, stackNameOf } from './physical-ids';
import { isRollingBack } from './rollback';
import type { Run } from './run';

/** What every request says, whatever its type. */
export interface Request<P> {
  readonly wanted: P;
  readonly ownerKey: string;
  readonly stackName: string;
  readonly requestId: string;
  /** What the invocation before left; undefined in the first one. */
  readonly state: unknown;
}

export interface UpdateRequest<P> extends Request<P> {
  readonly physicalId: string;
  /** Undefined where the old properties can't be understood. */
  readonly previous?: P;
}

export interface RemoveRequest<P> extends Request<P> {
  /** Undefined after a Create that failed, or for an id that CloudFormation made up. */
  readonly physicalId?: string;
}

/** One type of custom resource. */
export interface Lifecycle<P> {
  parse(properties: unknown): P;
  /** True for an id that a successful Create of this type answered. */
  isOurs(physicalId: string): boolean;
  create(request: Request<P>, run: Run): Promise<Outcome>;
  update(request: UpdateRequest<P>, run: Run): Promise<Outcome>;
  remove(request: RemoveRequest<P>, run: Run): Promise<ContinueLater | undefined>;
  /** Takes back what a Create did before it failed. */
  undo?(request: Request<P>, run: Run): Promise<void>;
}

/** Handles any event of one type. */
export type Handle = (event: CustomResourceEvent, state: unknown, run: Run) => Promise<Outcome>;

export function handleBy<P>(lifecycle: Lifecycle<P>): Handle {
  return async (event, state, run) => {
    const { requestType, requestId, physicalResourceId = '' } = event;
    const made = lifecycle.isOurs(physicalResourceId);
    if (requestType === 'Delete' && !made && !understood(lifecycle, event.properties))
      return { physicalId: physicalResourceId };
    const request: Request<P> = {
      wanted: lifecycle.parse(event.properties),
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
        const update = () => lifecycle.update({ ...request, physicalId: physicalResourceId, previous }, run);
        return inTime(await inSpiteOfChecks(update, event.stackId, run), run);
      }
      case 'Delete': {
        const physicalId = made ? physicalResourceId : undefined;
        const outcome = await lifecycle.remove({ ...request, physicalId }, run);
        return inTime(outcome ?? { physicalId: physicalResourceId }, run);
      }
    }
  };
}

/** A check may end a deployment, but not the way back from one: the stack would be stuck. */
async function inSpiteOfChecks(update: () => Promise<Outcome>, stackId: string, run: Run): Promise<Outcome> {
  try {
    return await update();
  } catch (error) {
    if (!(error instanceof CheckFailed) || !(await isRollingBack(run, stackId))) throw error;
    run.log.warn('a check failed, but the stack is being rolled back', { error: reasonOf(error) });
    return error.inSpite();
  }
}

async function createOrUndo<P>(lifecycle: Lifecycle<P>, request: Request<P>, run: Run): Promise<Outcome> {
  try {
    return inTime(await lifecycle.create(request, run), run);
  } catch (error) {
    try {
      await lifecycle.undo?.(request, run);
    } catch (second) {
      throw run.failure(`${reasonOf(error)} ${alsoFailed(error, second)}`);
    }
    throw error;
  }
}

function alsoFailed(first: unknown, second: unknown): string {
  if (second instanceof HalfMade) return second.message;
  const reason = reasonOf(second);
  if (reasonOf(first).startsWith(reason)) return 'Undoing the work failed for the same reason.';
  return `Undoing the work failed too: ${reason}`;
}

function inTime(outcome: Outcome, run: Run): Outcome {
  if (outcome instanceof ContinueLater && run.exhausted)
    throw new Failure(
      `Gave up after the longest time that CloudFormation allows, waiting for this: ${run.waitingFor}. Find out what holds it up, then deploy again.`,
    );
  return outcome;
}

function understood<P>(lifecycle: Lifecycle<P>, properties: unknown): P | undefined {
  try {
    return lifecycle.parse(properties);
  } catch {
    return undefined;
  }
}
