import type { Owner } from '../../../private/wire/sql';
import type { Ownership } from '../catalog/dependencies';
import { readRole } from '../catalog/role';
import { readRoleRights } from '../catalog/role-rights';
import { readServer } from '../catalog/server';
import type { Session } from '../connection/session';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { planRetainedRole, retainedNotice } from '../plan/retained-role';
import { perform } from '../work/database-work';
import { RoleMemberships } from '../work/role-memberships';

/** The result of keeping a role without rights. */
export interface Retained {
  readonly notice: string;
  /** Statements that the administrator may not run. */
  readonly refused: readonly string[];
}

/** Keeps a role that owns objects and revokes all its rights, so that code it owns can do only what PUBLIC can do. */
export async function retainRole(
  session: Session,
  { roleName, role, owner }: { roleName: string; role: number; owner: Owner },
  ownership: readonly Ownership[],
  objectsIn: (database: string) => readonly string[],
): Promise<Retained> {
  const notice = retainedNotice(roleName, ownership, objectsIn);
  try {
    return await session.transaction(async () => {
      const found = await readRole(session, roleName);
      if (found?.oid !== role) return { notice, refused: [] };
      const server = await readServer(session);
      const rights = await readRoleRights(session, role);
      const isMarked = found.record?.state === 'retained';
      const record = found.record ?? { origin: owner.key, owners: [owner] };
      const plan = planRetainedRole(roleName, record, rights, { isMarked, versionNum: server.versionNum });
      const memberships = new RoleMemberships(session, server);
      const { refused } = await perform({ session, memberships }, plan);
      await memberships.restore();
      return { notice, refused: refused.map(({ text }) => text) };
    });
  } catch (error) {
    throw explain(error, `Locking role ${ident(roleName)}`);
  }
}

/** Returns the error for a kept role that still has rights. */
export function remainingRights(roleName: string, refused: readonly string[]): SqlRunnerError {
  return new SqlRunnerError(
    `Locking role ${ident(roleName)} failed: the role is kept because it owns objects, and has rights that the administrator may not revoke (42501). ` +
      `Ask a superuser or the grantors to run ${refused.map((text) => `${text};`).join(' ')} then delete again.`,
    '42501',
  );
}
