/** Tables, partitioned tables, views, materialized views and foreign tables: what `GRANT … ON ALL TABLES` means. */
export const RELATION_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/** SQL that is true for a relation `c` that an extension brought: its owner decides who reads it. */
export const OF_AN_EXTENSION = `EXISTS (SELECT FROM pg_depend e
  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e')`;
