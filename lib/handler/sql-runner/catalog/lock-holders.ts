import type { Queries } from '../connection/queries';
import { isNoWeaker } from './marks';
import { PREPARED_TRANSACTIONS, type PreparedTransaction } from './prepared-transactions';

/** A session that holds the advisory lock of a database. */
export interface LockHolder {
  /** Null for a prepared transaction, which no longer has a session. */
  readonly pid: number | null;
  readonly user: string | null;
  readonly application: string | null;
  /** The prepared transaction; null for a session. */
  readonly prepared: PreparedTransaction | null;
  /** The session belongs to the administrator or to a role with at least the same rights. */
  readonly isTrusted: boolean;
}

/** Reads which other sessions hold the advisory lock `key` in the current database, trusted sessions first. */
export async function readLockHolders(session: Queries, key: string): Promise<LockHolder[]> {
  return session.rows<LockHolder>(
    `SELECT l.pid, a.usename AS user, a.application_name AS application, p.prepared,
            coalesce(${isNoWeaker('a.usesysid', 'me')}, false) AS "isTrusted"
     FROM pg_locks l JOIN pg_roles me ON me.rolname = current_user LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     LEFT JOIN ${PREPARED_TRANSACTIONS} p ON l.pid IS NULL AND p.virtualtransaction = l.virtualtransaction
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint << 32 | l.objid::bigint = $1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid IS DISTINCT FROM pg_backend_pid()
     ORDER BY "isTrusted" DESC, l.pid`,
    [key],
  );
}
