import type { Queries } from '../connection/queries';

/** Something that a role may do, or that others may do through it, apart from what it was granted on objects. */
export interface RolePower {
  /** An attribute of the role, a role that it is a member of, or a member of it. */
  readonly kind: 'attribute' | 'group' | 'member';
  readonly name: string;
  /** Who gave the membership, where REVOKE has to name that role: from PostgreSQL 16 on. */
  readonly grantor: string | null;
  /** What makes it dangerous: the attribute, or roles reached by the membership. */
  readonly dangers: readonly string[];
}

/** With them, whoever has the role's password gets further than to any data, or into the server. */
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

/** A membership that inherits nothing may be of use by SET ROLE; one that allows neither, nor to pass it on, is of none. */
const IS_OF_USE = ['inherit_option', 'set_option', 'admin_option']
  .map((option) => `coalesce((to_jsonb(m) ->> '${option}')::boolean, true)`)
  .join(' OR ');

/**
 * The administrator `me`, a superuser, or whoever made the role: PostgreSQL 16 and later grant it to that one without rights.
 * The role itself does not know who the administrator is, only who may be.
 */
const IS_ADMINISTRATOR = `(u.oid = me.oid OR u.rolsuper OR me.oid = $1 AND u.rolcreaterole AND m.admin_option
  OR m.grantor = 10 AND m.admin_option AND NOT coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true))`;

const GRANTOR = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN pg_get_userbyid(m.grantor) END`;

/** Reads what the role may do by attributes and memberships, and its members but for its administrators. */
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
     SELECT 'member', u.rolname, ${GRANTOR}, '{}' FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member
     JOIN pg_roles me ON me.rolname = current_user
     WHERE m.roleid = $1 AND (${IS_OF_USE}) AND NOT ${IS_ADMINISTRATOR}
     ORDER BY 1, 2, 3`,
    [role],
  );
}
