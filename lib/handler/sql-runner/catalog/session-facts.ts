import type { Session } from '../connection/session';

/** What a login as the role sees of itself. */
export interface SessionFacts {
  readonly oid: number;
  readonly logStatement: string;
  readonly version: string;
  readonly tls: boolean;
}

/** Reads who is logged in, and what is logged of it. */
export async function readSessionFacts(session: Session): Promise<SessionFacts> {
  const [row] = await session.rows<SessionFacts>(
    `SELECT r.oid, current_setting('log_statement') AS "logStatement", current_setting('server_version') AS version,
            coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  return row;
}
