import type { Query } from '../connection/queries';
import type { Session } from '../connection/session';

/** The administrator and the server. */
export interface ServerFacts {
  /** For example 180004. */
  readonly versionNum: number;
  /** The encoding of the current database is SQL_ASCII: it accepts any bytes as text. */
  readonly isSqlAscii: boolean;
  readonly me: string;
  readonly meOid: number;
  readonly isSuperuser: boolean;
  readonly createRole: boolean;
  /** A member of `rds_superuser`, which RDS lets do things that PostgreSQL's own rules forbid. */
  readonly isRdsSuperuser: boolean;
  /** The minimum number of locks that all sessions together can hold. */
  readonly lockTable: number;
}

/** Reads the administrator (the current user) and the server version. */
export async function readServer(session: Session): Promise<ServerFacts> {
  const [row] = await session.query(SERVER_QUERY);
  return row;
}

/** Selects the administrator and the server version. */
export const SERVER_QUERY: Query<ServerFacts> = {
  text: `
    SELECT current_setting('server_version_num')::int AS "versionNum", getdatabaseencoding() = 'SQL_ASCII' AS "isSqlAscii",
           r.rolname AS me, r.oid AS "meOid", r.rolsuper AS "isSuperuser", r.rolcreaterole AS "createRole",
           EXISTS (SELECT FROM pg_roles s WHERE s.rolname = 'rds_superuser' AND pg_has_role(r.oid, s.oid, 'MEMBER'))
             AS "isRdsSuperuser",
           current_setting('max_locks_per_transaction')::float8 * current_setting('max_connections')::float8 AS "lockTable"
    FROM pg_roles r WHERE r.rolname = current_user`,
  values: [],
};

/** Limits on the number of open sessions. */
export interface SessionLimits {
  readonly maxConnections: number;
  /** The lowest connection limit of the roles; null if no role has one. */
  readonly ofRoles: number | null;
}

/** Reads the connection limits of the server and of `roles`. */
export async function readSessionLimits(session: Session, roles: readonly string[]): Promise<SessionLimits> {
  const [row] = await session.rows<SessionLimits>(
    `SELECT current_setting('max_connections')::int AS "maxConnections",
            (SELECT min(rolconnlimit) FROM pg_roles WHERE rolname = ANY ($1::text[]) AND rolconnlimit >= 0) AS "ofRoles"`,
    [roles],
  );
  return row;
}
