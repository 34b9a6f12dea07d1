import type { Session } from '../connection/session';

/** Attributes, memberships and settings of a role. */
export interface RoleRights {
  /** Attributes as in ALTER ROLE, such as CREATEDB. */
  readonly attributes: readonly string[];
  /** Memberships of the role, and its members without the administrator and the roles that hold the admin option as its creators. */
  readonly memberships: readonly RoleMembership[];
  /** Databases for which the role has settings; null stands for settings for all databases. */
  readonly settings: readonly (string | null)[];
}

export interface RoleMembership {
  readonly role: string;
  readonly member: string;
  readonly grantor: number;
  readonly grantorName: string | null;
}

/** Reads the rights of a role that code in its objects could use. */
export async function readRoleRights(session: Session, role: number): Promise<RoleRights> {
  const attributes = await readAttributes(session, role);
  const settings = await readRoleSettings(session, role);
  return {
    attributes: attributes.map(({ attribute }) => attribute),
    memberships: await readRoleMemberships(session, role),
    settings: settings.map(({ database }) => database),
  };
}

export async function readAttributes(session: Session, role: number): Promise<{ attribute: string }[]> {
  return session.rows<{ attribute: string }>(
    `SELECT a.attribute FROM pg_roles r CROSS JOIN LATERAL (VALUES ('LOGIN', r.rolcanlogin), ('CREATEDB', r.rolcreatedb),
       ('CREATEROLE', r.rolcreaterole), ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) a (attribute, has)
     WHERE r.oid = $1 AND a.has`,
    [role],
  );
}

export async function readRoleMemberships(session: Session, role: number): Promise<RoleMembership[]> {
  return session.rows<RoleMembership>(
    `SELECT r.rolname AS role, m.rolname AS member, a.grantor, g.rolname AS "grantorName"
     FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
     LEFT JOIN pg_roles g ON g.oid = a.grantor
     WHERE a.member = $1 OR a.roleid = $1 AND m.rolname <> current_user AND NOT (a.admin_option AND a.grantor = 10)
     ORDER BY 1, 2, a.grantor`,
    [role],
  );
}

export async function readRoleSettings(
  session: Session,
  role: number,
): Promise<{ database: string | null }[]> {
  return session.rows<{ database: string | null }>(
    `SELECT d.datname AS database FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
     WHERE s.setrole = $1 ORDER BY 1`,
    [role],
  );
}
