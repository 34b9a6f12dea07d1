import { parseTablePattern, type TablePattern } from '../../../private/access/table-pattern';
import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';
import { RELATION_KINDS } from './relations';

/** SQL conditions for excluded tables, with the values of their parameters; empty if no table is excluded. */
export interface Exclusion {
  /** Begins with AND. */
  readonly sql: string;
  /** True for an excluded relation. */
  readonly is: string;
  readonly values: readonly string[][];
}

/** SQL that leaves out (or, with `only`, picks) relations `c` that are excluded. Parameters are numbered from `first` on. */
export function exclusion(
  excluded: readonly string[] | undefined,
  first: number,
  kind: 'without' | 'only' = 'without',
): Exclusion {
  const patterns = patternsOf(excluded);
  if (patterns.length === 0) return { sql: kind === 'only' ? 'AND false' : '', is: 'false', values: [] };
  const is = `EXISTS (
       SELECT FROM unnest($${first}::text[], $${first + 1}::text[]) AS x (s, t) JOIN pg_namespace xn ON xn.nspname LIKE x.s
       WHERE xn.oid = c.relnamespace AND c.relname LIKE x.t)`;
  const sql = kind === 'only' ? `AND ${is}` : `AND NOT ${is}`;
  return { sql, is, values: [patterns.map(({ schema }) => schema), patterns.map(({ table }) => table)] };
}

/** Reads the tables that are excluded by an exact name and do not exist, which is probably a typo. */
export async function readUnknownExcluded(
  session: Session,
  excluded: readonly string[] | undefined,
): Promise<string[]> {
  const exact = (excluded ?? []).filter((text) => parseTablePattern(text)?.isExact);
  if (exact.length === 0) return [];
  const rows = await session.rows<{ name: string }>(
    `SELECT x.name FROM unnest($1::text[], $2::text[], $3::text[]) AS x (name, s, t)
     WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname LIKE x.s AND c.relname LIKE x.t AND c.relkind IN ${RELATION_KINDS})`,
    [exact, ...exclusion(exact, 2).values],
  );
  return rows.map(({ name }) => name);
}

/** Selects the excluded relations in `schemas` on which `role` has a grant, with their owners. */
export function grantedExcludedQuery<V = never>(
  role: Parameter<number, V>,
  schemas: Parameter<number[], V>,
  excluded: readonly string[],
): Query<{ readonly oid: number; readonly owner: number }, V> {
  const { sql, values } = exclusion(excluded, 3, 'only');
  return {
    text: `SELECT c.oid, c.relowner AS owner FROM pg_class c
     WHERE c.relkind IN ${RELATION_KINDS} AND c.relnamespace = ANY ($2::oid[]) ${sql}
       AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = $1)`,
    values: [role, schemas, ...values],
  };
}

/** An excluded relation that the current user can read. */
export interface ReadableExcluded {
  readonly schema: string;
  readonly name: string;
  readonly byPublic: boolean;
  readonly count: number;
}

/** Reads the first few excluded relations in `schemas` that the current user can read; `count` counts all. */
export async function readReadableExcluded(
  session: Session,
  schemas: number[],
  excluded: readonly string[] | undefined,
  limit: number,
): Promise<ReadableExcluded[]> {
  const { sql, values } = exclusion(excluded, 3, 'only');
  if (values.length === 0) return [];
  return session.rows<ReadableExcluded>(
    `SELECT n.nspname AS schema, c.relname AS name, count(*) OVER ()::int AS count,
            EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0 AND a.privilege_type = 'SELECT') AS "byPublic"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ${RELATION_KINDS} AND c.relnamespace = ANY ($1::oid[]) ${sql} AND has_any_column_privilege(c.oid, 'SELECT')
     ORDER BY n.nspname, c.relname LIMIT $2`,
    [schemas, limit, ...values],
  );
}

/** A relation that is not excluded, that the current user can read, and that shows rows of an excluded relation. */
export interface ShownExcluded {
  readonly schema: string;
  readonly name: string;
  readonly excludedSchema: string;
  readonly excludedName: string;
  readonly count: number;
}

/** SQL that is true for a view `c` whose reader needs privileges on the relations below, so that it shows no excluded rows. */
const IS_INVOKERS = `EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o
  WHERE CASE o.option_name WHEN 'security_invoker' THEN o.option_value::boolean END)`;

/**
 * Reads the first few views of excluded relations and parents of excluded partitions that the current user can read, at any depth;
 * `count` counts all.
 */
export async function readShownExcluded(
  session: Session,
  excluded: readonly string[] | undefined,
  limit: number,
): Promise<ShownExcluded[]> {
  const { is, values } = exclusion(excluded, 2);
  if (values.length === 0) return [];
  return session.rows<ShownExcluded>(
    `WITH RECURSIVE edges AS (
       SELECT inhrelid AS below, inhparent AS above FROM pg_inherits
       UNION SELECT d.refobjid, c.oid FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
       JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.deptype = 'n' AND d.refclassid = 'pg_class'::regclass
       WHERE w.ev_type = '1' AND d.refobjid <> c.oid AND NOT ${IS_INVOKERS}
     ), shown AS (
       SELECT c.oid AS excluded, c.oid AS shows FROM pg_class c WHERE c.relkind IN ${RELATION_KINDS} AND ${is}
       UNION SELECT s.excluded, e.above FROM shown s JOIN edges e ON e.below = s.shows
     ), found AS (
       SELECT min(s.excluded) AS excluded, c.oid FROM shown s JOIN pg_class c ON c.oid = s.shows
       WHERE NOT ${is} AND has_schema_privilege(c.relnamespace, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') GROUP BY c.oid
     )
     SELECT n.nspname AS schema, c.relname AS name, xn.nspname AS "excludedSchema", x.relname AS "excludedName", count(*) OVER ()::int AS count
     FROM found f JOIN pg_class c ON c.oid = f.oid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class x ON x.oid = f.excluded JOIN pg_namespace xn ON xn.oid = x.relnamespace
     ORDER BY n.nspname, c.relname LIMIT $1`,
    [limit, ...values],
  );
}

function patternsOf(excluded: readonly string[] = []): TablePattern[] {
  return excluded.flatMap((text) => parseTablePattern(text) ?? []);
}
