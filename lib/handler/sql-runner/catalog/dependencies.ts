import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';

/** A database with objects or privileges of a role; the name is null for shared objects. */
interface DependentDatabase {
  readonly name: string | null;
}

/** Reads the databases of the server in which the role owns objects or has privileges, or only those with privileges. */
export async function readDependentDatabases(
  session: Session,
  role: number,
  what: 'anything' | 'privileges' = 'anything',
): Promise<(string | null)[]> {
  const rows = await session.rows<DependentDatabase>(
    `SELECT DISTINCT d.datname AS name FROM (
       SELECT DISTINCT coalesce(nullif(dbid, 0), CASE WHEN classid = 'pg_database'::regclass THEN objid END) AS oid FROM pg_shdepend
       WHERE refclassid = 'pg_authid'::regclass AND refobjid = $1 AND ($2 OR deptype IN ('a', 'i'))) s
     LEFT JOIN pg_database d ON d.oid = s.oid ORDER BY 1`,
    [role, what === 'anything'],
  );
  return rows.map((row) => row.name);
}

/** An object that the role owns or has privileges on. */
export interface RoleDependency {
  readonly owned: boolean;
  /** A shared object: it belongs to the server, not to the current database. */
  readonly shared: boolean;
  /**
   * The role owns an object in the current database that holds data or code. False for user mappings, default privileges and
   * temporary tables, which mean nothing without the role, and for sequences of columns, which are dropped with their table.
   */
  readonly isObject: boolean;
  /** The owner of the object; null for objects without an owner. */
  readonly owner: number | null;
  readonly description: string;
}

/**
 * Selects the objects in the current database that the role owns (first) or has privileges on, and the shared objects. Among
 * databases, the current one counts and each that the role owns.
 */
export function roleDependenciesQuery<V = never>(role: Parameter<number, V>): Query<RoleDependency, V> {
  return {
    text: `SELECT DISTINCT s.deptype = 'o' AS owned, s.dbid = 0 AND s.classid <> 'pg_database'::regclass AS shared,
            s.deptype = 'o' AND s.dbid = d.oid AND s.classid NOT IN ('pg_user_mapping'::regclass, 'pg_default_acl'::regclass)
              AND NOT (s.classid = 'pg_class'::regclass AND EXISTS (
                SELECT FROM pg_class c WHERE c.oid = s.objid AND (c.relpersistence = 't' OR c.relkind = 'S' AND EXISTS (
                  SELECT FROM pg_depend a WHERE a.classid = s.classid AND a.objid = c.oid AND a.refclassid = s.classid AND a.deptype IN ('a', 'i')))))
              AS "isObject",
            (SELECT o.refobjid FROM pg_shdepend o
             WHERE (o.dbid, o.classid, o.objid, o.deptype) = (s.dbid, s.classid, s.objid, 'o')) AS owner,
            pg_describe_object(s.classid, s.objid, s.objsubid) AS description
     FROM pg_shdepend s JOIN pg_database d ON d.datname = current_database()
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1
       AND (s.dbid = d.oid OR s.dbid = 0 AND (s.classid <> 'pg_database'::regclass OR s.objid = d.oid OR s.deptype = 'o'))
     ORDER BY owned DESC, shared, description`,
    values: [role],
  };
}

/** What DROP OWNED would change in the current database. */
export interface DropOwnedScope {
  /** Owners of the objects that the role has privileges on: DROP OWNED revokes on their behalf where the administrator may. */
  readonly owners: number[];
  /** DROP OWNED would drop objects other than user mappings and default privileges. */
  readonly ownsObjects: boolean;
}

/** Reads what DROP OWNED would change. The result is small even for a role with many privileges. */
export async function readDropOwnedScope(session: Session, role: number): Promise<DropOwnedScope> {
  const [scope] = await session.rows<DropOwnedScope>(
    `SELECT coalesce(array_agg(DISTINCT o.refobjid) FILTER (WHERE o.refobjid IS NOT NULL AND o.refobjid <> $1), '{}') AS owners,
            coalesce(bool_or(s.deptype = 'o' AND s.dbid <> 0
              AND s.classid NOT IN ('pg_user_mapping'::regclass, 'pg_default_acl'::regclass)), false) AS "ownsObjects"
     FROM pg_shdepend s JOIN pg_database d ON d.datname = current_database() AND s.dbid IN (0, d.oid)
     LEFT JOIN pg_shdepend o ON (o.dbid, o.classid, o.objid, o.deptype) = (s.dbid, s.classid, s.objid, 'o')
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1`,
    [role],
  );
  return scope;
}

/** Reads a digest of all dependencies on the role on the server. It differs after each effective GRANT or REVOKE. */
export async function readDependencyDigest(session: Session, role: number): Promise<string> {
  const [{ digest }] = await session.rows<{ digest: string }>(
    `SELECT md5(coalesce(string_agg(s.ctid::text || s.xmin::text, ',' ORDER BY s.ctid::text), '')) AS digest
     FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1`,
    [role],
  );
  return digest;
}

/** A database in which a role owns objects, or a shared object that it owns. */
export interface Ownership {
  /** Null for a shared object. */
  readonly database: string | null;
  /** A shared object (a database or a tablespace) as SQL; null for objects in a database. */
  readonly object: string | null;
}

/** Selects the databases of the server in which the role owns objects, and the databases and tablespaces that it owns. */
export function ownershipQuery<V = never>(role: Parameter<number, V>): Query<Ownership, V> {
  return {
    text: `SELECT DISTINCT d.datname AS database, CASE s.dbid WHEN 0 THEN upper(i.type) || ' ' || i.identity END AS object
     FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
     LEFT JOIN LATERAL pg_identify_object(CASE s.dbid WHEN 0 THEN s.classid END, CASE s.dbid WHEN 0 THEN s.objid END, 0) i ON true
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
       AND s.classid IN (SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace
                         AND c.relname NOT IN ('pg_user_mapping', 'pg_default_acl', 'pg_auth_members'))
     ORDER BY 1, 2`,
    values: [role],
  };
}
