import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';
import { FIRST_USER_OID } from './external-dependents';
import { CURRENT_USER, type Reader } from './reader';
import { OF_AN_EXTENSION } from './relations';
import { IS_SHOWN, BLOCKING_POLICIES, POLICY_KIND, ROW_SECURITY_HOLDS } from './row-security';

/** Why reading a relation fails, may return fewer rows than exist, or cannot be decided without running user code. */
export type ProblemKind =
  | 'select'
  | 'execute'
  | 'not-populated'
  | 'no-handler'
  | 'no-mapping'
  | 'unreachable'
  | 'extension'
  | 'row-security-off'
  | 'no-policy'
  | 'policy'
  | 'restrictive-policy'
  | 'function'
  | 'not-tried';

/** A problem with reading `relation`, or with a relation or function that the view `relation` uses. */
export interface ReadProblem {
  readonly relation: number;
  readonly kind: ProblemKind;
  /** The object that causes the problem: a relation, a function, or an extension, which has no schema. */
  readonly schema: string | null;
  readonly name: string;
  /** The arguments of a function, or the foreign server of a foreign table. */
  readonly detail: string | null;
  /** The role whose privileges apply: the owner of the view, or the current user if the view has security_invoker or there is none. */
  readonly reader: string;
  readonly isCurrentUser: boolean;
  /** The policies that may hide rows. */
  readonly policies: readonly BlockingPolicy[] | null;
  /** The permissive policies show all rows. */
  readonly isShown: boolean;
  /** The table has a policy with the name of the current user, so a new policy needs another name. */
  readonly isNameTaken: boolean;
}

/** A policy that may hide rows, or fail. */
interface BlockingPolicy {
  readonly name: string;
  readonly qual: string;
  readonly restrictive: boolean;
}

/** SQL that is true if the role `u` has a user mapping for the foreign server `s`. */
const MAPPING = `EXISTS (SELECT FROM pg_user_mappings m WHERE m.srvid = s.oid AND m.umuser IN (0, u.oid))`;

/**
 * SQL that is true for a foreign server `s` with the handler `h` if connecting to it may never time out: before PostgreSQL 16,
 * postgres_fdw ignores statement_timeout and pg_terminate_backend while it connects, unless `connect_timeout` is set.
 */
export const WAITS_ENDLESSLY = `(h.proname = 'postgres_fdw_handler' AND current_setting('server_version_num')::int < 160000
  AND NOT EXISTS (SELECT FROM pg_options_to_table(s.srvoptions) o WHERE o.option_name = 'connect_timeout'))`;

/** SQL for the problem of the role `u` with the foreign table `t`. Some wrappers need no user mapping. */
const FOREIGN_KIND = `(SELECT CASE
    WHEN w.fdwhandler = 0 THEN 'no-handler'
    WHEN NOT ${MAPPING} AND (h.proname = 'postgres_fdw_handler' OR EXISTS (SELECT FROM pg_user_mappings m WHERE m.srvid = s.oid)) THEN 'no-mapping'
    WHEN EXISTS (SELECT FROM unnest($2::oid[], $3::oid[]) failed (server, reader) WHERE failed.server = s.oid AND failed.reader = u.oid) THEN 'unreachable'
    WHEN ${WAITS_ENDLESSLY} THEN 'not-tried'
  END
  FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  LEFT JOIN pg_proc h ON h.oid = w.fdwhandler WHERE f.ftrelid = t.oid)`;

/** SQL that is true if the role `u` may read the columns that a view uses. `{0}`: the view uses no column, so SELECT on any column is enough. */
const MAY_SELECT = `(has_table_privilege(u.oid, t.oid, 'SELECT') OR CASE WHEN r.columns = ARRAY[0] THEN has_any_column_privilege(u.oid, t.oid, 'SELECT')
  ELSE NOT EXISTS (SELECT FROM unnest(r.columns) col WHERE col = 0 OR NOT has_column_privilege(u.oid, t.oid, col::int2, 'SELECT')) END)`;

/** SQL for the views of users, with the role whose privileges each view uses when `reader` reads it. */
const viewsFor = ({
  row,
}: Reader) => `(SELECT c.oid, CASE WHEN EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o
      WHERE CASE o.option_name WHEN 'security_invoker' THEN o.option_value::boolean END) THEN me.oid ELSE c.relowner END AS reader
    FROM pg_class c, (SELECT oid FROM ${row}) me WHERE c.relkind = 'v' AND c.oid >= ${FIRST_USER_OID} OFFSET 0)`;

/** SQL for the views of users, with the role whose privileges each view uses when the current user reads it. */
export const VIEWS = viewsFor(CURRENT_USER);

/** SQL for the objects that each view refers to: relations with columns, functions, operators. */
export const REFERENCES = `(SELECT w.ev_class AS view, d.refclassid, d.refobjid, array_agg(d.refobjsubid ORDER BY d.refobjsubid) AS columns
    FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.deptype = 'n'
    WHERE w.ev_type = '1' AND w.ev_class >= ${FIRST_USER_OID} AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjid = w.ev_class) GROUP BY w.ev_class, d.refclassid, d.refobjid OFFSET 0)`;

/**
 * SQL for the built-in objects that views refer to and that PUBLIC may not use. PostgreSQL records no dependencies on built-in
 * objects, so the text of the rule is searched. Built-in objects that PUBLIC may use are not searched for.
 */
const pinnedReferences = ({
  argument,
}: Reader) => `(SELECT DISTINCT w.ev_class AS view, CASE found.m[1] WHEN 'relid' THEN 'pg_class'::regclass ELSE 'pg_proc'::regclass END AS refclassid,
      found.m[2]::oid AS refobjid, ARRAY[0] AS columns
    FROM (SELECT string_agg(oid::text, '|') AS oids FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')
            AND NOT EXISTS (SELECT FROM aclexplode(relacl) a WHERE a.grantee = 0 AND a.privilege_type = 'SELECT')) closed,
      (SELECT coalesce(string_agg(oid::text, '|'), '0') AS oids FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proacl IS NOT NULL
            AND NOT has_function_privilege(${argument}oid, 'EXECUTE')) forbidden,
      pg_rewrite w CROSS JOIN LATERAL regexp_matches(w.ev_action::text, ':(relid|funcid|aggfnoid|winfnoid|opfuncid) (?=(?:' || closed.oids || '|' || forbidden.oids || ') )(\\d+)', 'g') found (m)
    WHERE w.ev_type = '1' AND w.ev_class >= ${FIRST_USER_OID})`;

/**
 * Reads the problems with reading the relations in `schemas` and all views, from the catalog only: even planning a query over a
 * view may run user functions. `unreachable` are pairs of a foreign server and a role that cannot use it.
 */
export async function readProblems(
  session: Session,
  schemas: number[],
  { rowSecurity, unreachable }: { rowSecurity: boolean; unreachable: readonly (readonly [number, number])[] },
): Promise<ReadProblem[]> {
  return session.query(readProblemsQuery(CURRENT_USER, schemas, { rowSecurity, unreachable }));
}

/** Selects the problems of `reader` with reading the relations in `schemas` and all views. */
export function readProblemsQuery<V = never>(
  reader: Reader,
  schemas: Parameter<number[], V>,
  {
    rowSecurity,
    unreachable,
  }: { readonly rowSecurity: boolean; readonly unreachable: readonly (readonly [number, number])[] },
): Query<ReadProblem, V> {
  const { argument, roles } = reader;
  const views = viewsFor(reader);
  const text = `WITH RECURSIVE me AS (SELECT oid, rolname FROM ${reader.row}),
     above AS ( /* tables whose children are foreign tables: reading the parent reads the child */
       SELECT i.inhparent AS parent, i.inhrelid AS child FROM pg_inherits i JOIN pg_foreign_table f ON f.ftrelid = i.inhrelid
       UNION SELECT i.inhparent, above.child FROM pg_inherits i JOIN above ON above.parent = i.inhrelid
     ), refs AS (SELECT * FROM ${REFERENCES} named UNION ALL SELECT * FROM ${pinnedReferences(reader)} pinned),
     checks AS ( /* domains to which a view casts values, with the domains below them: their constraints call functions */
       SELECT view, refobjid AS type FROM refs WHERE refclassid = 'pg_type'::regclass
       UNION SELECT ch.view, below FROM checks ch JOIN pg_type t ON t.oid = ch.type CROSS JOIN LATERAL unnest(ARRAY[t.typbasetype, t.typelem]) below WHERE below >= ${FIRST_USER_OID}
     ), itself AS (
       SELECT c.oid, c.relkind, c.relrowsecurity, c.relispopulated FROM pg_class c
       WHERE c.relnamespace = ANY ($1::oid[]) AND (c.relrowsecurity OR c.relkind IN ('m', 'f') OR c.relkind IN ('r', 'p') AND c.oid IN (SELECT parent FROM above))
       OFFSET 0
     ), reads AS (
       SELECT oid AS relation, oid AS target, (SELECT oid FROM me) AS reader, NULL::int[] AS columns FROM itself
       WHERE relrowsecurity OR relkind <> 'm' OR NOT relispopulated
       UNION ALL SELECT v.oid, refs.refobjid, v.reader, refs.columns
       FROM refs JOIN ${views} v ON v.oid = refs.view WHERE refs.refclassid = 'pg_class'::regclass
     ), all_reads AS (
       SELECT relation, target, reader, columns, true AS named FROM reads
       UNION ALL SELECT relation, above.child, reader, NULL, false FROM reads JOIN above ON above.parent = target
     ), found AS (
       SELECT r.relation, r.target, u.oid AS reader, u.rolname, CASE
         WHEN r.named AND r.columns IS NOT NULL AND NOT ${MAY_SELECT} THEN 'select'
         WHEN t.relkind = 'm' AND NOT t.relispopulated THEN 'not-populated'
         WHEN t.relkind = 'f' THEN ${FOREIGN_KIND}
         WHEN r.named AND ${ROW_SECURITY_HOLDS} THEN CASE WHEN $4::boolean THEN ${POLICY_KIND} ELSE 'row-security-off' END END AS kind
       FROM all_reads r JOIN pg_class t ON t.oid = r.target JOIN ${roles} u ON u.oid = r.reader CROSS JOIN me OFFSET 0
     )
     SELECT f.relation, f.kind, n.nspname AS schema, t.relname AS name,
            (SELECT s.srvname FROM pg_foreign_table x JOIN pg_foreign_server s ON s.oid = x.ftserver WHERE x.ftrelid = t.oid) AS detail, u.rolname AS reader, u.oid = me.oid AS "isCurrentUser",
            CASE WHEN f.kind LIKE '%policy' THEN ${BLOCKING_POLICIES} END AS policies, f.kind LIKE '%policy' AND ${IS_SHOWN} AS "isShown",
            EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = me.rolname) AS "isNameTaken"
     FROM found f JOIN pg_class t ON t.oid = f.target JOIN pg_namespace n ON n.oid = t.relnamespace JOIN ${roles} u ON u.oid = f.reader CROSS JOIN me
     WHERE f.kind IS NOT NULL
     UNION ALL
     SELECT f.view, f.kind, n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), me.rolname, true, NULL, false, false
     FROM (SELECT named.view, p.oid, CASE
             WHEN named."byReader" AND NOT has_function_privilege(${argument}p.oid, 'EXECUTE') THEN 'execute'
             WHEN p.oid >= ${FIRST_USER_OID} AND l.lanname NOT IN ('internal', 'c') AND NOT EXISTS (SELECT FROM pg_depend e
               WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e') THEN 'function' END AS kind
           FROM (SELECT view, refobjid AS function, true AS "byReader" FROM refs WHERE refclassid = 'pg_proc'::regclass
                 UNION SELECT refs.view, o.oprcode::oid, true FROM refs JOIN pg_operator o ON o.oid = refs.refobjid WHERE refs.refclassid = 'pg_operator'::regclass
                 UNION SELECT ch.view, coalesce(o.oprcode::oid, d.refobjid), true FROM checks ch JOIN pg_constraint k ON k.contypid = ch.type
                 JOIN pg_depend d ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
                 LEFT JOIN pg_operator o ON d.refclassid = 'pg_operator'::regclass AND o.oid = d.refobjid
                 UNION SELECT refs.view, part::oid, false FROM refs JOIN pg_aggregate a ON a.aggfnoid::oid = refs.refobjid
                 CROSS JOIN LATERAL unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]) part
                 WHERE refs.refclassid = 'pg_proc'::regclass) named
           JOIN ${views} v ON v.oid = named.view JOIN pg_proc p ON p.oid = named.function JOIN pg_language l ON l.oid = p.prolang OFFSET 0) f
     JOIN pg_proc p ON p.oid = f.oid JOIN pg_namespace n ON n.oid = p.pronamespace CROSS JOIN me
     WHERE f.kind IS NOT NULL
     UNION ALL
     SELECT c.oid, 'extension', NULL, x.extname, NULL, me.rolname, true, NULL, false, false
     FROM pg_class c CROSS JOIN me JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e'
     JOIN pg_extension x ON x.oid = e.refobjid
     WHERE c.relnamespace = ANY ($1::oid[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT has_table_privilege(${argument}c.oid, 'SELECT')`;
  const [servers, readers] = [unreachable.map(([server]) => server), unreachable.map(([, role]) => role)];
  return { text, values: [schemas, servers, readers, rowSecurity] };
}

/** Selects the views that use other views. */
export const VIEWS_IN_VIEWS_QUERY: Query<{ readonly below: number; readonly view: number }> = {
  text: `SELECT refs.refobjid AS below, refs.view FROM ${REFERENCES} refs JOIN pg_class c ON c.oid = refs.view AND c.relkind = 'v'
     JOIN pg_class b ON b.oid = refs.refobjid AND b.relkind = 'v'
     WHERE refs.refclassid = 'pg_class'::regclass`,
  values: [],
};

/** Reads which views use other views: the second view of each pair reads the first. */
export async function readViewsInViews(session: Session): Promise<[number, number][]> {
  const rows = await session.query(VIEWS_IN_VIEWS_QUERY);
  return rows.map(({ below, view }) => [below, view]);
}

/** A relation with its name. */
export interface NamedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/** Reads the names of those `relations` in `schemas` that the current user may read or that belong to an extension. */
export async function readNames(
  session: Session,
  schemas: number[],
  relations: readonly number[],
): Promise<NamedRelation[]> {
  return session.rows<NamedRelation>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY ($2::oid[]) AND n.oid = ANY ($1::oid[]) AND (has_table_privilege(c.oid, 'SELECT') OR ${OF_AN_EXTENSION})
     ORDER BY n.nspname, c.relname`,
    [schemas, relations],
  );
}
