/** The relkinds that `GRANT … ON ALL TABLES` covers: tables, partitioned tables, views, materialized views and foreign tables. */
export const RELATION_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/**
 * SQL that is true if the role $1 can read the relation `c`. The ACL of most relations contains a grant by the owner, or is the
 * default, which gives privileges to the owner only. Searching the ACL is much faster than checking the privilege, which loads each
 * relation into the cache of the session. The subquery is evaluated once.
 */
export const READABLE = `(coalesce(aclcontains(c.relacl, makeaclitem($1::oid, c.relowner, 'SELECT', false)), false)
  OR CASE WHEN coalesce(c.relacl = acldefault('r', c.relowner), true)
    THEN pg_has_role($1::oid, c.relowner, 'USAGE')
      OR EXISTS (SELECT FROM pg_roles a WHERE a.rolname = 'pg_read_all_data' AND pg_has_role($1::oid, a.oid, 'USAGE'))
    ELSE has_table_privilege($1::oid, c.oid, 'SELECT') END)`;

/**
 * SQL that is true for a relation `c` of an extension, whose owner decides who reads it. With IN, the server evaluates the
 * subquery once and only if needed, and estimates a cost low enough not to compile the query (jit).
 */
export const OF_AN_EXTENSION = `c.oid IN (SELECT e.objid FROM pg_depend e
  WHERE e.classid = 'pg_class'::regclass AND e.objsubid = 0 AND e.deptype = 'e')`;
