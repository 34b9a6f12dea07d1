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

/** Reads the current database, with the privileges of `role`. */
export async function readDatabase(session: Session, role: number): Promise<DatabaseFacts> {
  const [row] = await session.rows<DatabaseFacts>(
    `SELECT datdba AS owner, pg_get_userbyid(datdba) AS "ownerName", has_database_privilege($1::oid, oid, 'CONNECT') AS connect,
            has_database_privilege(oid, 'CREATE') AS "mayCreate"
     FROM pg_database WHERE datname = current_database()`,
    [role],
  );
  return row;
}
