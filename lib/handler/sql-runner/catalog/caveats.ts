import type { Session } from '../connection/session';

/** Why a relation that the current user may read gives it no rows, or an error. */
export type CaveatKind = 'no-policy' | 'invoker' | 'not-populated' | 'no-mapping';

/** The relations of one kind: how many, and the first few as schema and name. */
export interface Caveat {
  readonly kind: CaveatKind;
  readonly count: number;
  readonly names: readonly (readonly [string, string])[];
}

/** Where row-level security holds for the current user and no policy lets it see any row. */
const NO_POLICY = `c.relrowsecurity AND row_security_active(c.oid) AND NOT EXISTS (
  SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND p.polpermissive
    AND EXISTS (SELECT FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(r, 'USAGE')))`;

/** Views of PostgreSQL 15 and later that read as the current user, who may not read what they are made of. */
const INVOKER = `EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o WHERE CASE o.option_name WHEN 'security_invoker' THEN o.option_value::boolean END)
  AND EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
              WHERE w.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
                AND NOT has_any_column_privilege(d.refobjid, 'SELECT'))`;

/** Foreign tables on servers that others have a user mapping for, or that can't do without one. */
const NO_MAPPING = `EXISTS (
  SELECT FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  LEFT JOIN pg_proc h ON h.oid = w.fdwhandler
  WHERE t.ftrelid = c.oid
    AND (h.proname = 'postgres_fdw_handler' OR EXISTS (SELECT FROM pg_user_mappings u WHERE u.srvid = s.oid))
    AND NOT EXISTS (SELECT FROM pg_user_mappings u JOIN pg_roles me ON me.rolname = current_user
                    WHERE u.srvid = s.oid AND u.umuser IN (0, me.oid)))`;

/** Finds relations in `schemas` that the current user may read in vain. */
export async function readCaveats(session: Session, schemas: number[], limit: number): Promise<Caveat[]> {
  return session.rows<Caveat>(
    `WITH suspect AS (
       SELECT oid, relkind, relname, relnamespace, relrowsecurity, relispopulated, reloptions FROM pg_class
       WHERE relnamespace = ANY ($1::oid[]) AND (relrowsecurity OR relkind IN ('m', 'f') OR relkind = 'v' AND reloptions IS NOT NULL)
       OFFSET 0
     ), found AS (
       SELECT c.oid, n.nspname, c.relname,
              CASE WHEN c.relkind IN ('r', 'p') THEN CASE WHEN ${NO_POLICY} THEN 'no-policy' END
                   WHEN c.relkind = 'v' THEN CASE WHEN ${INVOKER} THEN 'invoker' END
                   WHEN c.relkind = 'm' THEN CASE WHEN NOT c.relispopulated THEN 'not-populated' END
                   WHEN c.relkind = 'f' THEN CASE WHEN ${NO_MAPPING} THEN 'no-mapping' END END AS kind
       FROM suspect c JOIN pg_namespace n ON n.oid = c.relnamespace
     )
     SELECT kind, count(*)::int AS count,
            (array_agg(ARRAY[nspname::text, relname::text] ORDER BY nspname, relname))[1:$2] AS names
     FROM found WHERE kind IS NOT NULL AND has_table_privilege(oid, 'SELECT') GROUP BY kind ORDER BY kind`,
    [schemas, limit],
  );
}
