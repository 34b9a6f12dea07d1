import type { ApplyRequest } from '../../../private/wire/sql';
import { readDatabases } from '../catalog/database';
import { readDependentDatabases } from '../catalog/dependencies';
import { readServer } from '../catalog/server';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { isOpen, skippedNotice, openingStatement } from '../plan/closed-database';
import { type DatabaseRemoval, removeFromDatabase } from '../remove/remove-database';
import { inBatches } from '../work/batches';
import type { Grantee } from '../work/database-work';

/** The existing databases that the previous request named and this request does not, with notices. */
interface RemovedDatabases {
  readonly names: readonly string[];
  readonly notices: readonly string[];
}

/** Runs `work` in a database as the administrator. */
export type InDatabase = <T>(
  name: string,
  action: string,
  work: (session: Session) => Promise<T>,
) => Promise<T>;

/**
 * Revokes all access to the existing databases that the previous request named and this request does not, and returns their names.
 * `finished` is false if time ran out. A role with another name is removed by another request.
 */
export async function revokeFromRemoved(
  request: ApplyRequest,
  role: Grantee,
  inDatabase: InDatabase,
  notify: (notices: readonly string[]) => void,
): Promise<{ readonly names: readonly string[]; readonly finished: boolean }> {
  let finished = true;
  if (noLongerDesired(request).length === 0) return { names: [], finished };
  const { names, notices } = await inDatabase(request.access.maintenanceDatabase, 'Reading', (session) =>
    findRemovedDatabases(session, request, role.oid),
  );
  notify(notices);
  for (const name of names) {
    if (!finished) break;
    try {
      finished = await inDatabase(name, 'Revoking in', (session) => revokeIn(session, request, role, notify));
    } catch (error) {
      if (!(error instanceof SqlRunnerError) || error.code !== '3D000') throw error; // the database does not exist: nothing to revoke
    }
  }
  return { names, finished };
}

/** Reads the removed databases. Fails if the role has privileges in an open database that the administrator cannot connect to. */
async function findRemovedDatabases(
  session: Session,
  request: ApplyRequest,
  role: number,
): Promise<RemovedDatabases> {
  const databases = await readDatabases(session);
  const states = noLongerDesired(request).flatMap((name) => databases.get(name) ?? []); // other databases do not exist
  const closed = states.filter((state) => !isOpen(state));
  const holding = closed.length > 0 ? await readDependentDatabases(session, role) : [];
  const kept = closed.find(({ name, takesConnections }) => takesConnections && holding.includes(name));
  if (kept && request.access.onMissing !== 'warn') {
    throw new SqlRunnerError(
      `Revoking in database ${ident(kept.name)} failed: the administrator cannot connect to the database (42501). ` +
        `Ask its owner to run ${openingStatement(kept, request.admin.user)} then deploy again.`,
      '42501',
    );
  }
  return { names: states.filter(isOpen).map(({ name }) => name), notices: closed.map(skippedNotice) };
}

/** Revokes all access of the role to a removed database. Returns false if time ran out. */
async function revokeIn(
  session: Session,
  request: ApplyRequest,
  { oid, isOurs, tempSchemaOwner, coOwners }: Grantee,
  notify: (notices: readonly string[]) => void,
): Promise<boolean> {
  const removal: DatabaseRemoval = {
    access: request.previous!,
    owner: tempSchemaOwner,
    role: { oid, disposition: isOurs ? 'keep' : 'report' },
    remaining: coOwners,
  };
  const server = await readServer(session);
  const work = () => removeFromDatabase(session, server, removal);
  return inBatches(session, server, work, ({ notices }) => notify(notices));
}

function noLongerDesired({ access, previous }: ApplyRequest): string[] {
  if (previous?.roleName !== access.roleName) return [];
  const desired = new Set(access.databases.map((spec) => spec.databaseName));
  return previous.databases.map((spec) => spec.databaseName).filter((name) => !desired.has(name));
}
