/** The relkinds that `GRANT … ON ALL TABLES` covers: tables, partitioned tables, views, materialized views and foreign tables. */
export const RELATION_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/**
 * SQL that is true if the role $1 can read the relation `c`. The ACL of most relations contains a grant by the owner; searching
 * the ACL is much faster than checking the privilege.
 */
export const READABLE = `(coalesce(aclcontains(c.relacl, makeaclitem($1::oid, c.relowner, 'SELECT', false)), false)
  OR has_table_privilege($1::oid, c.oid, 'SELECT'))`;

/**
 * SQL that is true for a relation `c` of an extension, whose owner decides who reads it. With IN, the server evaluates the
 * subquery once and only if needed, and estimates a cost low enough not to compile the query (jit).
 */
export const OF_AN_EXTENSION = `c.oid IN (SELECT e.objid FROM pg_depend e
  WHERE e.classid = 'pg_class'::regclass AND e.objsubid = 0 AND e.deptype = 'e')`;
