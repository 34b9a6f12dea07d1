import type { Session } from '../connection/session';
import { REFERENCES, VIEWS, WAITS_ENDLESSLY } from './read-problems';

/** A relation that is read to check whether the role `reader` can use a foreign server. */
export interface ForeignProbe {
  readonly server: number;
  readonly reader: number;
  readonly schema: string;
  readonly name: string;
}

/** SQL that is true for a relation `c` whose planning may run a function of a user: in an index, a statistics object, a child. */
const RUNS_FUNCTIONS = `(c.relkind = 'p' OR c.relhassubclass OR EXISTS (
  SELECT FROM (SELECT 'pg_class'::regclass AS classid, indexrelid AS objid FROM pg_index WHERE indrelid = c.oid
               UNION ALL SELECT 'pg_statistic_ext'::regclass, x.oid FROM pg_statistic_ext x WHERE x.stxrelid = c.oid) part
  JOIN pg_depend d ON d.classid = part.classid AND d.objid = part.objid AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)))`;

/**
 * Reads one relation per foreign server and role that accesses the server when the current user reads `schemas`: a foreign
 * table or, for the owner of a view, a view that reads only tables and calls only built-in functions.
 */
export async function readForeignProbes(session: Session, schemas: number[]): Promise<ForeignProbe[]> {
  return session.rows<ForeignProbe>(
    `WITH far AS (
       SELECT f.ftrelid, f.ftserver FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
       JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
       JOIN pg_proc h ON h.oid = w.fdwhandler JOIN pg_class c ON c.oid = f.ftrelid WHERE NOT ${WAITS_ENDLESSLY} AND NOT ${RUNS_FUNCTIONS}
     ), refs AS (
       SELECT * FROM ${REFERENCES} named WHERE EXISTS (SELECT FROM far)
     ), probe AS (
       SELECT far.ftserver AS server, me.oid AS reader, far.ftrelid AS relation FROM far, pg_roles me WHERE me.rolname = current_user
       UNION ALL
       SELECT far.ftserver, v.reader, v.oid FROM refs JOIN far ON far.ftrelid = refs.refobjid AND refs.refclassid = 'pg_class'::regclass
       JOIN ${VIEWS} v ON v.oid = refs.view
       WHERE NOT EXISTS (SELECT FROM refs other LEFT JOIN pg_class c ON c.oid = other.refobjid AND other.refclassid = 'pg_class'::regclass
                         WHERE other.view = v.oid AND (c.oid IS NULL AND other.refclassid <> 'pg_type'::regclass AND other.refclassid <> 'pg_collation'::regclass OR c.relkind = 'v' OR c.relrowsecurity OR ${RUNS_FUNCTIONS}))
     )
     SELECT DISTINCT ON (probe.server, probe.reader) probe.server, probe.reader, n.nspname AS schema, c.relname AS name
     FROM probe JOIN pg_class c ON c.oid = probe.relation JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.oid = ANY ($1::oid[]) AND has_table_privilege(c.oid, 'SELECT')
       AND EXISTS (SELECT FROM pg_user_mappings m WHERE m.srvid = probe.server AND m.umuser IN (0, probe.reader))
     ORDER BY probe.server, probe.reader, c.oid LIMIT 20`,
    [schemas],
  );
}
