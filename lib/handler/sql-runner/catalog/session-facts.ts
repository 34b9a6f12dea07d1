import type { Session } from '../connection/session';

/** What a login as the role sees of itself. */
export interface SessionFacts {
  readonly oid: number;
  readonly logStatement: string;
  readonly version: string;
  /** For example 180004. */
  readonly versionNum: number;
  readonly tls: boolean;
  /** Whether there are foreign tables, which may be partitions of tables, or relations that extensions brought. */
  readonly hasForeignOrExtensionRelations: boolean;
}

/** Reads who is logged in, and what is logged of it. */
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
