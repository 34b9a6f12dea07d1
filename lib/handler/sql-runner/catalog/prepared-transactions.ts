import type { Queries } from '../connection/queries';

/** A transaction of PREPARE TRANSACTION: it has no session any longer, and keeps its locks until somebody ends it. */
export interface PreparedTransaction {
  readonly gid: string;
  readonly databaseName: string;
  /** The role that prepared it; null if the role was dropped. */
  readonly owner: string | null;
}

/** SQL for the prepared transactions, each with the `virtualtransaction` of its locks in pg_locks, which have no pid. */
export const PREPARED_TRANSACTIONS = `(SELECT t.virtualtransaction, json_build_object('gid', x.gid, 'databaseName', x.database, 'owner', x.owner) AS prepared
  FROM pg_prepared_xacts x JOIN pg_locks t ON t.transactionid = x.transaction AND t.locktype = 'transactionid' AND t.granted AND t.pid IS NULL)`;

/** Reads the prepared transactions of a role on the server. */
export async function readPreparedOf(session: Queries, roleName: string): Promise<PreparedTransaction[]> {
  return session.rows<PreparedTransaction>(
    `SELECT gid, database AS "databaseName", owner FROM pg_prepared_xacts WHERE owner = $1 ORDER BY prepared`,
    [roleName],
  );
}
