import type { Owner } from '../../../private/wire/sql';
import type { RemoveRequest } from '../runtime/lifecycle';
import type { ContinueLater } from '../runtime/outcome';
import type { DatabaseAccess } from './properties';
import { placeOf } from '../sql-client/server-target';
import { isBeingDeleted } from '../runtime/stack-status';
import type { Run } from '../aws/run';
import { CannotLook, isNoWayIn, isShut, remove, removeAccess, removeHalfMade } from './removal';

interface Leaving {
  readonly previous: DatabaseAccess;
  readonly wanted: DatabaseAccess;
  readonly owner: Owner;
  readonly rollingBack: boolean;
}

/** Removes the role that an update leaves, by the path that made it; on the same server by the path that is known to work, too. */
export async function removePrevious(
  run: Run,
  { previous, wanted, owner, rollingBack }: Leaving,
  state: unknown,
): Promise<ContinueLater | undefined> {
  const last = rollingBack ? removeHalfMade : removeAccess;
  if (!wanted.manageRole || !isSameServer(previous, wanted)) return last(run, previous, owner, state);
  return remove(run, previous, owner, state, isShut).catch(async (error: unknown) => {
    if (!isNoWayIn(error)) throw error;
    const { server, sqlRunner, adminSecret } = wanted;
    const access = { ...previous.access, maintenanceDatabase: wanted.access.maintenanceDatabase };
    return last(run, { ...previous, server, sqlRunner, adminSecret, access }, owner, state);
  });
}

function isSameServer({ server: one }: DatabaseAccess, { server: other }: DatabaseAccess): boolean {
  return placeOf(one) === placeOf(other) && one.port === other.port;
}

/** A stack that is deleted must not stay for a role that nobody can look for; what may be left is in the log. */
export async function noLookOnDestroy(
  error: unknown,
  { stackId }: Pick<RemoveRequest<unknown>, 'stackId'>,
  run: Run,
): Promise<undefined> {
  if (!(error instanceof CannotLook) || !(await isBeingDeleted(run, stackId))) throw error;
  run.log.warn('not removed, but the stack is being deleted', { error: error.message });
}
