/** Tables, partitioned tables, views, materialized views and foreign tables: what `GRANT … ON ALL TABLES` means. */
export const RELATION_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/**
 * SQL that is true if the role $1 can read the relation `c`. Most have the owner's own grant in their ACL, which is much
 * faster to see than to ask for the privilege.
 */
export const READABLE = `(coalesce(aclcontains(c.relacl, makeaclitem($1::oid, c.relowner, 'SELECT', false)), false)
  OR has_table_privilege($1::oid, c.oid, 'SELECT'))`;

/**
 * SQL that is true for a relation `c` that an extension brought: its owner decides who reads it. As IN, it is looked up
 * once and only if needed, and does not look so dear that the server compiles the query first (jit).
 */
export const OF_AN_EXTENSION = `c.oid IN (SELECT e.objid FROM pg_depend e
  WHERE e.classid = 'pg_class'::regclass AND e.objsubid = 0 AND e.deptype = 'e')`;
