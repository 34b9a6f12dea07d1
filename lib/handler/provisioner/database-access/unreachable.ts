import { Failure, reasonOf } from '../runtime/failure';
import type { RemoveRequest } from '../runtime/lifecycle';
import type { DatabaseAccess } from './properties';
import { isCreationRolledBack } from '../runtime/stack-status';
import type { Run } from '../aws/run';
import { SqlRunFailure } from '../sql-client/invoke';
import { byHand, CannotInspect, roleOn } from './removal';

/** Says what a rollback may leave, for a failed Create that could not revert its changes. */
export function mayStay(desired: DatabaseAccess): string {
  return `If the rollback can't reach the server either, it continues. ${roleOn(desired)} may then still exist; remove it by hand: ${byHand(desired)}.`;
}

interface Removal {
  readonly request: RemoveRequest<DatabaseAccess>;
  /** True after a failed Create, whose message already says what may remain. */
  readonly partialId: boolean;
}

/**
 * Ends a removal that could not reach the server.
 *
 * After a failed Create the rollback of a first deployment must succeed. Every other removal fails: a successful deletion must
 * not leave a role with its privileges.
 */
export async function unreachable(
  error: unknown,
  { request: { desired, stackId }, partialId }: Removal,
  run: Run,
): Promise<undefined> {
  if (partialId && isUnreachableError(error) && (await isCreationRolledBack(run, stackId))) {
    run.log.warn('not removed, but the first deployment of the stack is being rolled back', {
      error: reasonOf(error),
      left: `${roleOn(desired)} may still exist. Remove it by hand: ${byHand(desired)}.`,
    });
    return;
  }
  throw withAdvice(
    error,
    `${roleOn(desired)} may still exist.`,
    `remove the role by hand (${byHand(desired)})`,
  );
}

/** Adds to the error of an unreachable server what may be left there and how to delete the stack without it. */
export function withAdvice(error: unknown, left: string, byHandInstead: string): unknown {
  if (!(error instanceof SqlRunFailure && error.tolerateDuringRollback)) return error;
  return new Failure(
    `${error.message} ${left} Fix the cause, then delete again. To delete without the server, ${byHandInstead}, then delete the stack once more with --retain-resources and the logical id of this resource.`,
    error.code,
  );
}

function isUnreachableError(error: unknown): boolean {
  return error instanceof Failure && (error.tolerateDuringRollback || error instanceof CannotInspect);
}
