import type { Session } from '../connection/session';
import { OF_AN_EXTENSION, READABLE, RELATION_KINDS } from './relations';

/** The relations of one owner in one schema, counted. */
export interface RelationGroup {
  readonly schema: number;
  readonly owner: number;
  readonly relations: number;
  /** Those the role cannot read; what extensions keep to themselves does not count. */
  readonly missing: number;
  /** True if the owner has a relation there that no extension brought; PostgreSQL's own user often has none. */
  readonly isMaker: boolean;
}

/** Counts the relations in `schemas` and what `role` cannot read of them: one pass, each asked about once (OFFSET 0). */
export async function readRelationGroups(
  session: Session,
  role: number,
  schemas: number[],
): Promise<RelationGroup[]> {
  return session.rows<RelationGroup>(
    `SELECT c.relnamespace AS schema, c.relowner AS owner, count(*)::int AS relations,
            count(*) FILTER (WHERE NOT readable AND NOT ${OF_AN_EXTENSION})::int AS missing,
            bool_or(c.relowner >= 16384 OR NOT ${OF_AN_EXTENSION}) AS "isMaker"
     FROM (SELECT oid, relnamespace, relowner, ${READABLE} AS readable
           FROM pg_class c WHERE relkind IN ${RELATION_KINDS} AND relnamespace = ANY ($2::oid[]) OFFSET 0) c
     GROUP BY c.relnamespace, c.relowner`,
    [role, schemas],
  );
}
