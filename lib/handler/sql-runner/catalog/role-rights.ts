import type { Parameter, Query } from '../connection/queries';
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

/** A membership as in GRANT; the name of a dropped grantor is null. */
export interface RoleMembership {
  readonly role: string;
  readonly member: string;
  readonly grantor: number;
  readonly grantorName: string | null;
}

/** Reads the rights of a role that code in its objects could use. */
export async function readRoleRights(session: Session, role: number): Promise<RoleRights> {
  const attributes = await session.query(roleAttributesQuery(role));
  const settings = await session.query(roleSettingsQuery(role));
  return {
    attributes: attributes.map(({ attribute }) => attribute),
    memberships: await session.query(roleMembershipsQuery(role)),
    settings: settings.map(({ database }) => database),
  };
}

/** Selects the attributes of a role. */
export function roleAttributesQuery<V = never>(role: Parameter<number, V>): Query<{ attribute: string }, V> {
  return {
    text: `SELECT a.attribute FROM pg_roles r CROSS JOIN LATERAL (VALUES ('LOGIN', r.rolcanlogin), ('CREATEDB', r.rolcreatedb),
       ('CREATEROLE', r.rolcreaterole), ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) a (attribute, has)
     WHERE r.oid = $1 AND a.has`,
    values: [role],
  };
}

/** Selects the memberships of a role, and its members. */
export function roleMembershipsQuery<V = never>(role: Parameter<number, V>): Query<RoleMembership, V> {
  return {
    text: `SELECT r.rolname AS role, m.rolname AS member, a.grantor, g.rolname AS "grantorName"
     FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
     LEFT JOIN pg_roles g ON g.oid = a.grantor
     WHERE a.member = $1 OR a.roleid = $1 AND m.rolname <> current_user AND NOT (a.admin_option AND a.grantor = 10)
     ORDER BY 1, 2, a.grantor`,
    values: [role],
  };
}

/** Selects the databases in which a role has settings; null for all databases. */
export function roleSettingsQuery<V = never>(
  role: Parameter<number, V>,
): Query<{ database: string | null }, V> {
  return {
    text: `SELECT d.datname AS database FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
     WHERE s.setrole = $1 ORDER BY 1`,
    values: [role],
  };
}
