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

/** How a role was kept. */
export interface Retained {
  readonly notice: string;
  /** What somebody else has to run so that it has no rights. */
  readonly refused: readonly string[];
}

/** Keeps a role because of what it owns, without any right: what it wrote can do nothing that everybody can't do. */
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

/** The failure where a role that is kept still has rights. */
export function stillPrivileged(roleName: string, refused: readonly string[]): SqlRunnerError {
  return new SqlRunnerError(
    `Locking role ${ident(roleName)} failed: it is kept because of what it owns, and has rights that the admin may not take (42501). ` +
      `Let a superuser, or who granted them, run ${refused.map((text) => `${text};`).join(' ')} then delete again.`,
    '42501',
  );
}
