import type { Session } from '../connection/session';
import type { ServerFacts } from './server';

/** What a role may do other than by grants on objects. */
export interface RoleRights {
  /** Attributes as ALTER ROLE names them: CREATEDB and the like. */
  readonly attributes: readonly string[];
  /** Whom it is a member of, and who is a member of it, but for the admin. */
  readonly memberships: readonly RoleMembership[];
  /** Databases in which it has settings of its own; null: settings for all of them. */
  readonly settings: readonly (string | null)[];
}

export interface RoleMembership {
  readonly role: string;
  readonly member: string;
  readonly grantor: number;
  readonly grantorName: string | null;
}

/** Reads the rights of a role that its objects can make use of. */
export async function readRoleRights(
  session: Session,
  { meOid }: ServerFacts,
  role: number,
): Promise<RoleRights> {
  const [{ attributes }] = await session.rows<{ attributes: string[] }>(
    `SELECT array_remove(ARRAY[CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
       CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
       CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes
     FROM pg_roles WHERE oid = $1`,
    [role],
  );
  const memberships = await session.rows<RoleMembership>(
    `SELECT r.rolname AS role, m.rolname AS member, a.grantor, g.rolname AS "grantorName"
     FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
     LEFT JOIN pg_roles g ON g.oid = a.grantor
     WHERE a.member = $1 OR a.roleid = $1 AND a.member <> $2
     ORDER BY 1, 2, a.grantor`,
    [role, meOid],
  );
  const settings = await session.rows<{ database: string | null }>(
    `SELECT d.datname AS database FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
     WHERE s.setrole = $1 ORDER BY 1`,
    [role],
  );
  return { attributes, memberships, settings: settings.map(({ database }) => database) };
}
