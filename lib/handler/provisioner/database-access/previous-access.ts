import type { Owner } from '../../../private/wire/sql';
import type { RemoveRequest } from '../runtime/lifecycle';
import type { Continue } from '../runtime/outcome';
import type { DatabaseAccess } from './properties';
import { placeOf } from '../sql-client/server-target';
import { isBeingDeleted } from '../runtime/stack-status';
import type { Run } from '../aws/run';
import {
  CannotInspect,
  isLoginImpossible,
  isClosed,
  remove,
  removeAccess,
  removePartiallyCreated,
} from './removal';

interface PreviousAccess {
  readonly previous: DatabaseAccess;
  readonly desired: DatabaseAccess;
  readonly owner: Owner;
  readonly rollingBack: boolean;
}

/** Removes the previous role by its own network path; on the same server also by the new path. */
export async function removePrevious(
  run: Run,
  { previous, desired, owner, rollingBack }: PreviousAccess,
  state: unknown,
): Promise<Continue | undefined> {
  const last = rollingBack ? removePartiallyCreated : removeAccess;
  if (!desired.manageRole || !isSameServer(previous, desired)) return last(run, previous, owner, state);
  return remove(run, previous, owner, state, isClosed).catch(async (error: unknown) => {
    if (!isLoginImpossible(error)) throw error;
    const { server, sqlRunner, adminSecret } = desired;
    const access = { ...previous.access, maintenanceDatabase: desired.access.maintenanceDatabase };
    return last(run, { ...previous, server, sqlRunner, adminSecret, access }, owner, state);
  });
}

function isSameServer({ server: one }: DatabaseAccess, { server: other }: DatabaseAccess): boolean {
  return placeOf(one) === placeOf(other) && one.port === other.port;
}

/** Logs a failed inspection instead of failing the deletion of the stack. */
export async function skipInspectionOnDestroy(
  error: unknown,
  { stackId }: Pick<RemoveRequest<unknown>, 'stackId'>,
  run: Run,
): Promise<undefined> {
  if (!(error instanceof CannotInspect) || !(await isBeingDeleted(run, stackId))) throw error;
  run.log.warn('not removed, but the stack is being deleted', { error: error.message });
}
