import type { Session } from '../connection/session';
import { GIVES_SELECT } from './creators';
import { PREPARED_TRANSACTIONS, type PreparedTransaction } from './prepared-transactions';

/** A transaction that began before the default privileges and has created relations that it has not committed. */
export interface OpenTransaction {
  /** Null for a prepared transaction. */
  readonly pid: number | null;
  readonly user: string | null;
  /** The prepared transaction; null for a session. */
  readonly prepared: PreparedTransaction | null;
}

/**
 * Reads the transactions whose new relations `role` will not be able to read once they commit.
 *
 * Default privileges apply to objects that are created later. An uncommitted relation is not visible in the catalog, but the
 * transaction that created it holds a lock on it. Transactions that began after all default privileges for the role do not count.
 */
export async function readOpenTransactions(session: Session, role: number): Promise<OpenTransaction[]> {
  return session.rows<OpenTransaction>(
    `WITH newest AS (
       SELECT min(age(xmin)) AS age FROM pg_default_acl WHERE ${GIVES_SELECT}
     )
     SELECT l.pid, a.usename::text AS user, p.prepared
     FROM (SELECT DISTINCT pid, virtualtransaction FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = relation)) l
     LEFT JOIN pg_stat_activity a USING (pid) LEFT JOIN ${PREPARED_TRANSACTIONS} p ON l.pid IS NULL AND p.virtualtransaction = l.virtualtransaction
     WHERE a.usesysid IS DISTINCT FROM $1 AND (SELECT age FROM newest) <= (
       SELECT max(age(x.transactionid)) FROM pg_locks x
       WHERE x.locktype = 'transactionid' AND x.mode = 'ExclusiveLock' AND x.granted AND x.virtualtransaction = l.virtualtransaction)
     ORDER BY l.pid`,
    [role],
  );
}
