import { isLegible } from './legible';
import type { Session } from '../connection/session';
import { exclusion } from './excluded-tables';
import { OF_AN_EXTENSION, RELATION_KINDS } from './relations';

/** A relation that the current user should be able to read but cannot. */
export interface UnreadableRelation {
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** Whether the user has USAGE on the schema and SELECT on the relation. */
  readonly usage: boolean;
  readonly select: boolean;
}

/** Reads the first few relations in `schemas` that the current user cannot read. */
export async function readUnreadable(
  session: Session,
  schemas: number[],
  limit: number,
  excluded?: readonly string[],
): Promise<UnreadableRelation[]> {
  const { sql, values } = exclusion(excluded, 3);
  return session.rows<UnreadableRelation>(
    `SELECT n.nspname AS schema, c.relname AS name, pg_get_userbyid(c.relowner) AS owner,
            has_schema_privilege(n.oid, 'USAGE') AS usage, has_table_privilege(c.oid, 'SELECT') AS select
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ${RELATION_KINDS} AND n.oid = ANY ($1::oid[]) AND NOT ${OF_AN_EXTENSION} AND ${isLegible('c.relname')} ${sql}
       AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
     ORDER BY n.nspname, c.relname LIMIT $2`,
    [schemas, limit, ...values],
  );
}
