import type { Session } from '../connection/session';
import { GIVES_SELECT } from './creators';

/** A transaction that is older than the default privileges and has made relations that nobody else sees yet. */
export interface OpenTransaction {
  /** Null for a prepared transaction. */
  readonly pid: number | null;
  readonly user: string | null;
}

/**
 * Finds the transactions whose new relations will lack the privileges of `role` once they commit.
 *
 * Default privileges hold for what is made after them. A relation that is not committed is in no catalog, but whoever made it
 * holds a lock on it. A transaction that is younger than all default privileges for the role is left out.
 */
export async function readOpenTransactions(session: Session, role: number): Promise<OpenTransaction[]> {
  return session.rows<OpenTransaction>(
    `WITH newest AS (
       SELECT min(age(xmin)) AS age FROM pg_default_acl WHERE ${GIVES_SELECT}
     )
     SELECT l.pid, a.usename::text AS user
     FROM (SELECT DISTINCT pid, virtualtransaction FROM pg_locks
           WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = relation)) l
     LEFT JOIN pg_stat_activity a USING (pid)
     WHERE a.usesysid IS DISTINCT FROM $1 AND (SELECT age FROM newest) <= (
       SELECT max(age(x.transactionid)) FROM pg_locks x
       WHERE x.locktype = 'transactionid' AND x.mode = 'ExclusiveLock' AND x.granted AND x.virtualtransaction = l.virtualtransaction)
     ORDER BY l.pid`,
    [role],
  );
}
