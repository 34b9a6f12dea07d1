import type { Session } from '../connection/session';

/** A database that still holds something of a role; null for what belongs to no database. */
interface HoldingDatabase {
  readonly name: string | null;
}

/** Reads which databases of the server hold something of the role, or privileges of it; names are looked up once for each. */
export async function readHoldingDatabases(
  session: Session,
  role: number,
  what: 'anything' | 'privileges' = 'anything',
): Promise<(string | null)[]> {
  const rows = await session.rows<HoldingDatabase>(
    `SELECT DISTINCT d.datname AS name FROM (
       SELECT DISTINCT coalesce(nullif(dbid, 0), CASE WHEN classid = 'pg_database'::regclass THEN objid END) AS oid FROM pg_shdepend
       WHERE refclassid = 'pg_authid'::regclass AND refobjid = $1 AND ($2 OR deptype IN ('a', 'i'))) s
     LEFT JOIN pg_database d USING (oid) ORDER BY 1`,
    [role, what === 'anything'],
  );
  return rows.map((row) => row.name);
}

/** Something in the current database that hangs on a role. */
export interface RoleDependency {
  readonly owned: boolean;
  /** Of the server, not of the current database. */
  readonly shared: boolean;
  /**
   * An object of the current database that the role owns and that holds data or code. Not a user mapping, default privileges
   * or a temporary table, which mean nothing without the role; nor a sequence of a column, which goes with its table.
   */
  readonly isObject: boolean;
  /** The owner of the thing, where it has one. */
  readonly owner: number | null;
  readonly description: string;
}

/**
 * Reads what hangs on the role in the current database, what it owns before all else. Of databases themselves the current
 * one counts, and any that it owns.
 */
export async function readRoleDependencies(session: Session, role: number): Promise<RoleDependency[]> {
  return session.rows<RoleDependency>(
    `SELECT DISTINCT s.deptype = 'o' AS owned, s.dbid = 0 AND s.classid <> 'pg_database'::regclass AS shared,
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
    [role],
  );
}

/** What DROP OWNED in the current database would do. */
export interface DropOwnedScope {
  /** Owners of what the role has privileges on: DROP OWNED revokes what the administrator may revoke for them. */
  readonly owners: number[];
  /** It would drop something besides user mappings and default privileges. */
  readonly ownsObjects: boolean;
}

/** Reads what DROP OWNED would do: short, however much the role holds. */
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

/** Reads a digest of what hangs on the role on the whole server: another one after each grant, equal where nothing had effect. */
export async function readHoldingDigest(session: Session, role: number): Promise<string> {
  const [{ digest }] = await session.rows<{ digest: string }>(
    `SELECT md5(coalesce(string_agg(s.ctid::text || s.xmin::text, ',' ORDER BY s.ctid::text), '')) AS digest
     FROM pg_shdepend s WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1`,
    [role],
  );
  return digest;
}

/** Where a role owns something. */
export interface Ownership {
  /** Null for what belongs to no database. */
  readonly database: string | null;
  /** What belongs to no database: a database or a tablespace, as SQL names it. */
  readonly object: string | null;
}

/** Reads in which databases of the server the role owns objects, and which databases and tablespaces it owns. */
export async function readOwnership(session: Session, role: number): Promise<Ownership[]> {
  return session.rows<Ownership>(
    `SELECT DISTINCT d.datname AS database, CASE s.dbid WHEN 0 THEN upper(i.type) || ' ' || i.identity END AS object
     FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = s.dbid
     LEFT JOIN LATERAL pg_identify_object(CASE s.dbid WHEN 0 THEN s.classid END, CASE s.dbid WHEN 0 THEN s.objid END, 0) i ON true
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 AND s.deptype = 'o'
       AND s.classid IN (SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace
                         AND c.relname NOT IN ('pg_user_mapping', 'pg_default_acl', 'pg_auth_members'))
     ORDER BY 1, 2`,
    [role],
  );
}
