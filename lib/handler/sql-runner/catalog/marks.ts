/**
 * Anybody can read a comment of this library, and the owner of a thing can write it. So a mark is believed only where the
 * thing was made by the role that runs make such things as, or by one that could do all that this role can.
 */

const PREFIX = 'Made by cdk-datafold-postgres';

/** SQL that is true for a comment of this library. It compares bytes: comments may be in whatever encoding. */
export const isMark = (comment: string) => `(${comment} ~>=~ '${PREFIX} ' AND ${comment} ~<~ '${PREFIX}!')`;

/**
 * SQL that is true for a role, by its oid, that is the administrator `me` (a row of pg_roles), or no weaker: a superuser, an
 * administrator of RDS or of `me`. Before PostgreSQL 16, CREATEROLE may set the administrator's password.
 */
export const isNoWeaker = (role: string, me: string) => `(${role} = ${me}.oid OR EXISTS (
  SELECT FROM pg_roles s WHERE s.oid = ${role} AND (s.rolsuper
    OR current_setting('server_version_num')::int < 160000 AND s.rolcreaterole
    OR pg_has_role(s.oid, ${me}.oid, 'MEMBER WITH ADMIN OPTION')
    OR EXISTS (SELECT FROM pg_roles a WHERE a.rolname = 'rds_superuser' AND pg_has_role(s.oid, a.oid, 'MEMBER')))))`;

/** SQL that is true if a run may have made a schema: as the administrator, or as the owner of the database where only that one may. */
export const mayHaveMadeSchema = (owner: string, database: string, me: string) =>
  `(${isNoWeaker(owner, me)} OR ${owner} = ${database}.datdba AND NOT has_database_privilege(${me}.oid, ${database}.oid, 'CREATE'))`;

/**
 * SQL with the members whom PostgreSQL 16 and later made administrators of a role when they made it, or whom a superuser did
 * later: such a grant is the bootstrap superuser's (oid 10). A role that a superuser made has none.
 */
const creatorsOf = (role: string) =>
  `FROM pg_auth_members m WHERE m.roleid = ${role} AND m.admin_option AND m.grantor = 10 AND current_setting('server_version_num')::int >= 160000`;

/** SQL with the names of those who made a role, if the administrator is not among them. */
export const otherCreators = (role: string, me: string) => `(
  SELECT string_agg('"' || replace(pg_get_userbyid(m.member), '"', '""') || '"', ', ') ${creatorsOf(role)}
  HAVING NOT bool_or(${isNoWeaker('m.member', me)}))`;
