import type { Session } from '../connection/session';

/** The session of a role and its server. */
export interface SessionFacts {
  readonly oid: number;
  readonly logStatement: string;
  readonly version: string;
  /** For example 180004. */
  readonly versionNum: number;
  readonly tls: boolean;
  /** The database has foreign tables (which may be partitions) or relations of extensions. */
  readonly hasForeignOrExtensionRelations: boolean;
}

/** Reads the current user, its log_statement and the server version. */
export async function readSessionFacts(session: Session): Promise<SessionFacts> {
  const [row] = await session.rows<SessionFacts>(
    `SELECT r.oid, current_setting('log_statement') AS "logStatement", current_setting('server_version') AS version,
            current_setting('server_version_num')::int AS "versionNum",
            EXISTS (SELECT FROM pg_foreign_table)
              OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e' AND refclassid = 'pg_extension'::regclass) AS "hasForeignOrExtensionRelations",
            coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  return row;
}
