import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';
import type { ServerFacts } from './server';

/** How the administrator can act as another role. */
export interface ActingRights {
  readonly oid: number;
  readonly name: string;
  readonly isSuperuser: boolean;
  /** The administrator inherits the role's privileges. */
  readonly usage: boolean;
  /** The administrator may `SET ROLE` to the role. */
  readonly set: boolean;
  /** The administrator may grant membership in the role. */
  readonly adminOption: boolean;
}

/** Reads how the administrator can act as each of `roles`. */
export async function readActingRights(
  session: Session,
  server: ServerFacts,
  roles: number[],
): Promise<ActingRights[]> {
  const set = server.versionNum >= 160000 ? `'SET'` : `'MEMBER'`;
  return session.query(actingRightsQuery(set, roles));
}

/** Selects how the administrator can act as each of `roles`; `set` is SQL for the privilege that allows `SET ROLE`. */
export function actingRightsQuery<V = never>(
  set: string,
  roles: Parameter<number[], V>,
): Query<ActingRights, V> {
  return {
    text: `SELECT oid, rolname AS name, rolsuper AS "isSuperuser", pg_has_role(oid, 'USAGE') AS usage,
            pg_has_role(oid, ${set}) AS set, pg_has_role(oid, 'MEMBER WITH ADMIN OPTION') AS "adminOption"
     FROM pg_roles WHERE oid = ANY ($1::oid[])`,
    values: [roles],
  };
}

/** Returns whether the administrator may grant a role, by PostgreSQL's rules. RDS allows more, so a grant is tried there. */
export function mayGrant(
  role: Pick<ActingRights, 'isSuperuser' | 'adminOption'>,
  server: Pick<ServerFacts, 'isSuperuser' | 'isRdsSuperuser' | 'createRole' | 'versionNum'>,
): boolean {
  if (role.isSuperuser) return server.isSuperuser;
  if (role.adminOption || server.isSuperuser || server.isRdsSuperuser) return true;
  return server.versionNum < 160000 && server.createRole;
}

/** Reads the roles that hold the admin option on role `name` and that the administrator may become a member of. */
export async function readAdministrators(
  session: Session,
  name: string,
): Promise<Pick<ActingRights, 'name' | 'usage'>[]> {
  return session.rows<Pick<ActingRights, 'name' | 'usage'>>(
    `SELECT DISTINCT a.rolname AS name, pg_has_role(a.oid, 'USAGE') AS usage
     FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles a ON a.oid = m.member
     WHERE r.rolname = $1 AND m.admin_option AND a.rolname <> current_user AND pg_has_role(a.oid, 'MEMBER WITH ADMIN OPTION')
     ORDER BY name`,
    [name],
  );
}
