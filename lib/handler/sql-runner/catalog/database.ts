import type { Parameter, Query } from '../connection/queries';

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
