import type { Session } from '../connection/session';

/** Whether a database accepts connections. */
export interface DatabaseState {
  readonly name: string;
  /** False also for an invalid database, left behind by an interrupted CREATE or DROP DATABASE (datconnlimit is -2). */
  readonly takesConnections: boolean;
  readonly adminMayConnect: boolean;
}

/** Reads all databases of the server. */
export async function readDatabases(session: Session): Promise<Map<string, DatabaseState>> {
  const rows = await session.rows<DatabaseState>(
    `SELECT datname AS name, datallowconn AND datconnlimit <> -2 AS "takesConnections",
            has_database_privilege(oid, 'CONNECT') AS "adminMayConnect"
     FROM pg_database`,
  );
  return new Map(rows.map((row) => [row.name, row]));
}
