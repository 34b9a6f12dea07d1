import type { Session } from '../postgres';
import { OF_AN_EXTENSION, RELATION_KINDS } from './relations';

/** The relations of one owner in one schema, counted. */
export interface RelationGroup {
  readonly schema: number;
  readonly owner: number;
  readonly relations: number;
  /** Those the role cannot read. */
  readonly missing: number;
  /** Those the role cannot read because an extension keeps them to itself. */
  readonly ofExtensions: number;
}

/** Counts the relations in `schemas` and what `role` cannot read of them: one pass, whatever their number. */
export async function readRelationGroups(
  session: Session,
  role: number,
  schemas: number[],
): Promise<RelationGroup[]> {
  return session.rows<RelationGroup>(
    `SELECT c.relnamespace AS schema, c.relowner AS owner, count(*)::int AS relations,
            count(*) FILTER (WHERE NOT readable AND NOT ${OF_AN_EXTENSION})::int AS missing,
            count(*) FILTER (WHERE NOT readable AND ${OF_AN_EXTENSION})::int AS "ofExtensions"
     FROM (SELECT oid, relnamespace, relowner, has_table_privilege($1::oid, oid, 'SELECT') AS readable
           FROM pg_class WHERE relkind IN ${RELATION_KINDS} AND relnamespace = ANY ($2::oid[])) c
     GROUP BY c.relnamespace, c.relowner`,
    [role, schemas],
  );
}
