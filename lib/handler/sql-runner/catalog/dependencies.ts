import type { Session } from '../connection/session';

/** A database that still holds something of a role; null for what belongs to no database. */
export interface HoldingDatabase {
  readonly name: string | null;
}

/** Reads which databases of the server hold something of the role. */
export async function readHoldingDatabases(session: Session, role: number): Promise<(string | null)[]> {
  const rows = await session.rows<HoldingDatabase>(
    `SELECT DISTINCT d.datname AS name FROM pg_shdepend s LEFT JOIN pg_database d ON d.oid = coalesce(nullif(s.dbid, 0),
       CASE WHEN s.classid = 'pg_database'::regclass THEN s.objid END)
     WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1 ORDER BY 1`,
    [role],
  );
  return rows.map((row) => row.name);
}

/** Something in the current database that hangs on a role. */
export interface RoleDependency {
  readonly owned: boolean;
  /** Of the server, not of the current database. */
  readonly shared: boolean;
  /** A user mapping, or default privileges for what the role makes: nothing that another could own in its place. */
  readonly isSetting: boolean;
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
            s.classid IN ('pg_user_mapping'::regclass, 'pg_default_acl'::regclass) AS "isSetting",
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
