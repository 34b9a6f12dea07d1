import { Failure, reasonOf } from '../runtime/failure';
import type { RemoveRequest } from '../runtime/lifecycle';
import type { DatabaseAccess } from './properties';
import { isCreationRolledBack } from '../runtime/stack-status';
import type { Run } from '../aws/run';
import { SqlRunFailure } from '../sql-client/invoke';
import { byHand, CannotInspect, roleOn } from './removal';

/** For the message of a Create that failed and could not undo its work: what the rollback may have to leave. */
export function mayStay(desired: DatabaseAccess): string {
  return `If the rollback can't reach the server either, it goes on and leaves what there is. ${roleOn(desired)} may then still be there; remove it by hand: ${byHand(desired)}.`;
}

interface Removal {
  readonly request: RemoveRequest<DatabaseAccess>;
  /** True for what a failed Create left, whose message has said already what may stay. */
  readonly partialId: boolean;
}

/**
 * The end of a removal that did not get to the server.
 *
 * What a failed Create has left must not keep the rollback of a first deployment from its end. Everything else has to be seen
 * to by somebody: a role with its rights is not forgotten in a green deletion.
 */
export async function unreachable(
  error: unknown,
  { request: { desired, stackId }, partialId }: Removal,
  run: Run,
): Promise<undefined> {
  if (partialId && isUnreachableError(error) && (await isCreationRolledBack(run, stackId))) {
    run.log.warn('not removed, but the first deployment of the stack is being rolled back', {
      error: reasonOf(error),
      left: `${roleOn(desired)} may still be there. Remove it by hand: ${byHand(desired)}.`,
    });
    return;
  }
  throw withAdvice(
    error,
    `${roleOn(desired)} may still be there.`,
    `remove the role by hand (${byHand(desired)})`,
  );
}

/** The error; of a server that no run got into, with what may be left there and how to delete without it. */
export function withAdvice(error: unknown, left: string, byHandInstead: string): unknown {
  if (!(error instanceof SqlRunFailure && error.tolerateDuringRollback)) return error;
  return new Failure(
    `${error.message} ${left} Once that is put right, delete again. To delete without it, ${byHandInstead}, then delete the stack once more with --retain-resources and the logical id of this resource.`,
    error.code,
  );
}

function isUnreachableError(error: unknown): boolean {
  return error instanceof Failure && (error.tolerateDuringRollback || error instanceof CannotInspect);
}
