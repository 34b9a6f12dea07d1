import type { Queries } from '../connection/queries';
import { PREPARED_TRANSACTIONS, type PreparedTransaction } from './prepared-transactions';

/** The session that blocks another session, and the object that both need. */
export interface Blocker {
  /** Null for a prepared transaction, which no longer has a session. */
  readonly pid: number | null;
  readonly user: string | null;
  readonly application: string | null;
  /** When the blocking transaction began; null if the administrator may not see that. */
  readonly since: string | null;
  readonly object: string | null;
  /** The prepared transaction; null for a session. */
  readonly prepared: PreparedTransaction | null;
}

/**
 * Reads which session blocks the session `pid`. A session that waits for a catalog row waits for the lock of the transaction
 * that changed the row; the lock on the tuple says which row it is.
 */
export async function readBlocker(session: Queries, pid: number): Promise<Blocker | undefined> {
  const rows = await session.rows<Blocker>(
    `SELECT nullif(b.pid, 0) AS pid, a.usename AS user, nullif(a.application_name, '') AS application,
            to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS since,
            CASE WHEN w.relation IS NOT NULL THEN pg_describe_object('pg_class'::regclass, w.relation, 0)
                 WHEN w.classid IS NOT NULL AND w.locktype = 'object' THEN pg_describe_object(w.classid, w.objid, w.objsubid)
                 ELSE (SELECT pg_describe_object('pg_class'::regclass, c.oid, 0) FROM pg_locks t JOIN pg_class c
                         ON c.ctid = format('(%s,%s)', t.page, t.tuple)::tid
                       WHERE t.pid = w.pid AND t.locktype = 'tuple' AND t.granted AND t.relation = 'pg_class'::regclass) END AS object,
            (SELECT p.prepared FROM pg_locks h JOIN ${PREPARED_TRANSACTIONS} p USING (virtualtransaction)
             WHERE b.pid = 0 AND h.pid IS NULL AND h.granted
               AND (h.locktype, h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid, h.objsubid) IS NOT DISTINCT FROM
                 (w.locktype, w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid, w.objsubid) LIMIT 1) AS prepared
     FROM pg_locks w CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) b (pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid
     WHERE w.pid = $1 AND NOT w.granted LIMIT 1`,
    [pid],
  );
  return rows[0];
}
