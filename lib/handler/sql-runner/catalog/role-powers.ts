import type { Queries } from '../connection/queries';
import { IS_CREATOR, isNoWeaker } from './marks';

/** An attribute or membership of a role, or a member of the role: rights beyond grants on objects. */
export interface RolePower {
  /**
   * `group`: a role that the role is a member of; `member`: a member of the role; `creator`: a role that created the role and is
   * weaker than the administrator, which may become a member at any time.
   */
  readonly kind: 'attribute' | 'group' | 'member' | 'creator';
  readonly name: string;
  /** The grantor of the membership, which REVOKE must name since PostgreSQL 16; null before. */
  readonly grantor: string | null;
  /** The dangerous rights: the attribute, or the roles that the membership leads to. */
  readonly dangers: readonly string[];
}

/** Memberships that let a login write data, run programs on the server, or copy the whole server. */
const DANGEROUS = [
  'rds_superuser',
  'rds_replication',
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_write_all_data',
  'pg_create_subscription',
].map((name) => `'${name}'`);

const ATTRIBUTES = [
  ['SUPERUSER', 'rolsuper', true],
  ['CREATEROLE', 'rolcreaterole', true],
  ['REPLICATION', 'rolreplication', true],
  ['CREATEDB', 'rolcreatedb', false],
  ['BYPASSRLS', 'rolbypassrls', false],
] as const;

const values = ATTRIBUTES.map(
  ([name, column, dangerous]) =>
    `('${name}', r.${column}, ${dangerous ? `ARRAY['${name}']` : `'{}'::text[]`})`,
);

/** SQL that is true for a membership with at least one of the options INHERIT, SET and ADMIN. */
const IS_OF_USE = ['inherit_option', 'set_option', 'admin_option']
  .map((option) => `coalesce((to_jsonb(m) ->> '${option}')::boolean, true)`)
  .join(' OR ');

/**
 * SQL that is true for members that count as administrators: the administrator `me`, superusers, and a creator of the role with at
 * least the rights of `me`. In a session of the role itself, each member with CREATEROLE and the admin option counts, because the
 * session does not know the administrator.
 */
const IS_ADMINISTRATOR = `(u.oid = me.oid OR u.rolsuper OR me.oid = $1 AND u.rolcreaterole AND m.admin_option
  OR ${IS_CREATOR} AND ${isNoWeaker('u.oid', 'me')})`;

const GRANTOR = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN pg_get_userbyid(m.grantor) END`;

/** Reads the attributes and memberships of the role, and its members without the administrators. */
export async function readRolePowers(session: Queries, role: number): Promise<RolePower[]> {
  return session.rows<RolePower>(
    `WITH RECURSIVE above AS (
       SELECT m.roleid AS first, m.roleid FROM pg_auth_members m WHERE m.member = $1
       UNION SELECT a.first, m.roleid FROM above a JOIN pg_auth_members m ON m.member = a.roleid
     )
     SELECT 'attribute' AS kind, a.name, null AS grantor, a.dangers FROM pg_roles r
     CROSS JOIN LATERAL (VALUES ${values.join(', ')}) AS a (name, has, dangers) WHERE r.oid = $1 AND a.has
     UNION ALL
     SELECT 'group', g.rolname, ${GRANTOR}, ARRAY(
       SELECT d.rolname::text FROM above a JOIN pg_roles d ON d.oid = a.roleid
       WHERE a.first = m.roleid AND (d.rolsuper OR d.rolcreaterole OR d.rolreplication OR d.rolname IN (current_user, ${DANGEROUS.join(', ')}))
       ORDER BY 1)
     FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = $1 AND (${IS_OF_USE})
     UNION ALL
     SELECT CASE WHEN ${IS_CREATOR} THEN 'creator' ELSE 'member' END, u.rolname, ${GRANTOR}, '{}' FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member
     JOIN pg_roles me ON me.rolname = current_user
     WHERE m.roleid = $1 AND (${IS_OF_USE}) AND NOT ${IS_ADMINISTRATOR}
     ORDER BY 1, 2, 3`,
    [role],
  );
}
