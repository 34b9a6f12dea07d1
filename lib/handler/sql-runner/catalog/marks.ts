/**
 * A mark is the comment by which this library recognizes a role or schema that it created. Everybody can read a mark, and the
 * owner of an object can copy it. A mark is therefore trusted only on an object that the administrator created, or a role that
 * has at least the rights of the administrator.
 */

const PREFIX = 'Made by cdk-datafold-postgres';

/** SQL that is true for a comment of this library. It compares bytes, because comments may have any encoding. */
export const isMark = (comment: string) => `(${comment} ~>=~ '${PREFIX} ' AND ${comment} ~<~ '${PREFIX}!')`;

/** SQL that is true for a row `m` of pg_auth_members that stands for the creator of a role, which PostgreSQL 16 and later record. */
export const IS_CREATOR = `(m.grantor = 10 AND m.admin_option
  AND NOT coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true))`;

/** SQL that is true for the role `a` if it is rds_superuser of RDS, and no role of this name that another user created elsewhere. */
const IS_RDS_SUPERUSER = `(a.rolname = 'rds_superuser' AND NOT EXISTS (
  SELECT FROM pg_auth_members m JOIN pg_roles c ON c.oid = m.member WHERE m.roleid = a.oid AND ${IS_CREATOR} AND NOT c.rolsuper))`;

/**
 * SQL that is true if `role` (an oid) is the administrator `me` (a row of pg_roles) or has at least the same rights: a superuser,
 * a member of rds_superuser, or a role with the admin option on `me`. Before PostgreSQL 16, CREATEROLE is enough to set the
 * administrator's password.
 */
export const isNoWeaker = (role: string, me: string) => `(${role} = ${me}.oid OR EXISTS (
  SELECT FROM pg_roles s WHERE s.oid = ${role} AND (s.rolsuper
    OR current_setting('server_version_num')::int < 160000 AND s.rolcreaterole
    OR pg_has_role(s.oid, ${me}.oid, 'MEMBER WITH ADMIN OPTION')
    OR EXISTS (SELECT FROM pg_roles a WHERE ${IS_RDS_SUPERUSER} AND pg_has_role(s.oid, a.oid, 'MEMBER')))))`;

/** SQL that is true if a run may have created a schema: as the administrator or, if the administrator lacks CREATE, as the database owner. */
export const mayHaveMadeSchema = (owner: string, database: string, me: string) =>
  `(${isNoWeaker(owner, me)} OR ${owner} = ${database}.datdba AND NOT has_database_privilege(${me}.oid, ${database}.oid, 'CREATE'))`;

/**
 * SQL for the roles that created `role`. PostgreSQL 16 and later grant the creator the admin option, with the bootstrap
 * superuser (oid 10) as the grantor; a superuser can add such a grant later. A role that a superuser created has none.
 */
const creatorsOf = (role: string) =>
  `FROM pg_auth_members m WHERE m.roleid = ${role} AND m.admin_option AND m.grantor = 10 AND current_setting('server_version_num')::int >= 160000`;

/** SQL for the names of the roles that created `role`; null if the administrator is among them. */
export const otherCreators = (role: string, me: string) => `(
  SELECT string_agg('"' || replace(pg_get_userbyid(m.member), '"', '""') || '"', ', ') ${creatorsOf(role)}
  HAVING NOT bool_or(${isNoWeaker('m.member', me)}))`;
