import type { Parameter, Query } from '../connection/queries';

/** A grant that the role made to another role by its grant option: revoking the role's own grant revokes it too. */
export interface PassedOnGrant {
  /** The object type as in GRANT. */
  readonly kind: string;
  /** The qualified name as SQL. */
  readonly identity: string;
  /** A list as in GRANT, with the columns of column privileges. */
  readonly privileges: string;
  readonly grantee: string;
}

/**
 * Selects the grants that `role` made to other roles in the current database, optionally in the schemas `only`. Objects that the
 * role owns do not count: a REVOKE from the role does not affect grants on them.
 *
 * The ACL of most relations contains only the owner and the role's SELECT. It is compared as a whole, which is much faster than
 * expanding it.
 */
export function passedOnQuery<V = never>(
  role: Parameter<number, V>,
  only?: readonly string[],
): Query<PassedOnGrant, V> {
  return {
    text: `WITH given AS (
       SELECT s.classid, s.objid, s.objsubid FROM pg_shdepend s JOIN pg_database d ON d.datname = current_database()
       WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'a'
         AND (s.dbid = d.oid OR s.classid = 'pg_database'::regclass AND s.objid = d.oid)
     ), acls AS (
       SELECT g.*, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relnamespace AS schema, c.relacl AS acl, null::name AS part
       FROM given g JOIN pg_class c ON c.oid = g.objid
       WHERE g.classid = 'pg_class'::regclass AND g.objsubid = 0
         AND c.relacl <> acldefault('r', c.relowner) || makeaclitem($1, c.relowner, 'SELECT', false)
       UNION ALL SELECT g.*, 'TABLE', c.relnamespace, t.attacl, t.attname
       FROM given g JOIN pg_class c ON c.oid = g.objid JOIN pg_attribute t ON t.attrelid = g.objid AND t.attnum = g.objsubid
       WHERE g.classid = 'pg_class'::regclass AND g.objsubid <> 0
       UNION ALL SELECT g.*, 'SCHEMA', n.oid, n.nspacl, null FROM given g JOIN pg_namespace n ON n.oid = g.objid WHERE g.classid = 'pg_namespace'::regclass
       UNION ALL SELECT g.*, 'FUNCTION', p.pronamespace, p.proacl, null FROM given g JOIN pg_proc p ON p.oid = g.objid WHERE g.classid = 'pg_proc'::regclass
       UNION ALL SELECT g.*, 'DATABASE', null, d.datacl, null FROM given g JOIN pg_database d ON d.oid = g.objid WHERE g.classid = 'pg_database'::regclass
     )
     SELECT l.kind, (pg_identify_object(l.classid, l.objid, 0)).identity,
            string_agg(DISTINCT a.privilege_type || coalesce(' (' || quote_ident(l.part) || ')', ''), ', ') AS privileges,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
     FROM acls l LEFT JOIN pg_namespace n ON n.oid = l.schema, aclexplode(l.acl) a
     WHERE a.grantor = $1 AND a.grantee <> $1 AND ($2::text[] IS NULL OR n.nspname = ANY ($2::text[]))
     GROUP BY l.kind, l.classid, l.objid, a.grantee ORDER BY 1, 2, 4`,
    values: [role, only ?? null],
  };
}
