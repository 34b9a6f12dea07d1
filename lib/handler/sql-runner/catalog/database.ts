import type { Parameter, Query } from '../connection/queries';
import type { Session } from '../connection/session';

/** The current database, as the catalog describes it. */
export interface DatabaseFacts {
  readonly owner: number;
  readonly ownerName: string;
  /** Whether the role has CONNECT: by a grant, a membership or PUBLIC. */
  readonly connect: boolean;
  /** Whether the administrator may create schemas. */
  readonly mayCreate: boolean;
}

/** Selects the current database, with the privileges of `role`. */
export function databaseQuery<V = never>(role: Parameter<number, V>): Query<DatabaseFacts, V> {
  return {
    text: `SELECT datdba AS owner, pg_get_userbyid(datdba) AS "ownerName", has_database_privilege($1::oid, oid, 'CONNECT') AS connect,
            has_database_privilege(oid, 'CREATE') AS "mayCreate"
     FROM pg_database WHERE datname = current_database()`,
    values: [role],
  };
}

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
