import type { Session } from '../connection/session';

/** Who the admin is, and on which server. */
export interface ServerFacts {
  /** For example 180004. */
  readonly versionNum: number;
  /** The current database takes text of whatever bytes. */
  readonly isSqlAscii: boolean;
  readonly me: string;
  readonly meOid: number;
  readonly isSuperuser: boolean;
  readonly createRole: boolean;
  /** On RDS the member of `rds_superuser` may do things that PostgreSQL's own rules forbid. */
  readonly isRdsSuperuser: boolean;
  /** How many locks all sessions together can hold, at the least. */
  readonly lockTable: number;
}

/** Reads who the admin is. */
export async function readServer(session: Session): Promise<ServerFacts> {
  const [row] = await session.rows<ServerFacts>(`
    SELECT current_setting('server_version_num')::int AS "versionNum", getdatabaseencoding() = 'SQL_ASCII' AS "isSqlAscii",
           r.rolname AS me, r.oid AS "meOid", r.rolsuper AS "isSuperuser", r.rolcreaterole AS "createRole",
           EXISTS (SELECT FROM pg_roles s WHERE s.rolname = 'rds_superuser' AND pg_has_role(r.oid, s.oid, 'MEMBER'))
             AS "isRdsSuperuser",
           current_setting('max_locks_per_transaction')::float8 * current_setting('max_connections')::float8 AS "lockTable"
    FROM pg_roles r WHERE r.rolname = current_user`);
  return row;
}

/** How many sessions may be open at a time. */
export interface SessionLimits {
  readonly maxConnections: number;
  /** The lowest of the limits that some of the roles have; null if none has one. */
  readonly ofRoles: number | null;
}

/** Reads how many sessions the server takes, and how many it takes of `roles`. */
export async function readSessionLimits(session: Session, roles: readonly string[]): Promise<SessionLimits> {
  const [row] = await session.rows<SessionLimits>(
    `SELECT current_setting('max_connections')::int AS "maxConnections",
            (SELECT min(rolconnlimit) FROM pg_roles WHERE rolname = ANY ($1::text[]) AND rolconnlimit >= 0) AS "ofRoles"`,
    [roles],
  );
  return row;
}
