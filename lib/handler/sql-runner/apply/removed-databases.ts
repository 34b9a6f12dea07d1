import type { ApplyRequest } from '../../../private/wire/sql';
import { readDatabases } from '../catalog/databases';
import { readHoldingDatabases } from '../catalog/dependencies';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { isOpen, skippedNotice, openingStatement } from '../plan/closed-database';

/** What the run before gave access to and this one does not: as far as the databases are there, and what a person should know of them. */
export interface RemovedDatabases {
  readonly names: readonly string[];
  readonly notices: readonly string[];
}

/** True if there may be such databases. The role of another name has a removal of its own. */
export function mayHaveRemovedDatabases(request: ApplyRequest): boolean {
  return noLongerDesired(request).length > 0;
}

/** Fails where the role keeps something in a database that the admin can't connect to, though others can. */
export async function findRemovedDatabases(
  session: Session,
  request: ApplyRequest,
  role: number,
): Promise<RemovedDatabases> {
  const databases = await readDatabases(session);
  const states = noLongerDesired(request).flatMap((name) => databases.get(name) ?? []); // others have gone
  const closed = states.filter((state) => !isOpen(state));
  const holding = closed.length > 0 ? await readHoldingDatabases(session, role) : [];
  const kept = closed.find(({ name, takesConnections }) => takesConnections && holding.includes(name));
  if (kept && request.access.onMissing !== 'warn') {
    throw new SqlRunnerError(
      `Revoking in database ${ident(kept.name)} failed: the admin can't connect to it (42501). ` +
        `Ask its owner to run ${openingStatement(kept, request.admin.user)} then deploy again.`,
      '42501',
    );
  }
  return { names: states.filter(isOpen).map(({ name }) => name), notices: closed.map(skippedNotice) };
}

function noLongerDesired({ access, previous }: ApplyRequest): string[] {
  if (previous?.roleName !== access.roleName) return [];
  const desired = new Set(access.databases.map((spec) => spec.databaseName));
  return previous.databases.map((spec) => spec.databaseName).filter((name) => !desired.has(name));
}
