import { isLegible } from './legible';
import type { Parameter, Query } from '../connection/queries';
import { exclusion } from './excluded-tables';
import { FIRST_USER_OID } from './external-dependents';
import { OF_AN_EXTENSION, READABLE, RELATION_KINDS } from './relations';

/** Counts of the relations of one owner in one schema. */
export interface RelationGroup {
  readonly schema: number;
  readonly owner: number;
  readonly relations: number;
  /** Relations that the role cannot read, without those of extensions. */
  readonly missing: number;
  /** The owner has a relation in the schema that belongs to no extension. The bootstrap superuser often has none. */
  readonly isMaker: boolean;
  /** The group contains views, foreign tables or row-level security. SELECT alone decides whether a plain table can be read. */
  readonly hasMoreThanTables: boolean;
}

/** Counts the relations in `schemas` and those that `role` cannot read. OFFSET 0 makes the server check each relation once. */
export function relationGroupsQuery<V = never>(
  role: Parameter<number, V>,
  schemas: Parameter<number[], V>,
  excluded?: readonly string[],
): Query<RelationGroup, V> {
  const { is, values } = exclusion(excluded, 3);
  const counted = values.length === 0 ? '' : 'NOT excluded AND ';
  return {
    text: `SELECT c.relnamespace AS schema, c.relowner AS owner, count(*)${counted && ' FILTER (WHERE NOT excluded)'}::int AS relations,
            count(*) FILTER (WHERE ${counted}NOT readable AND NOT ${OF_AN_EXTENSION} AND ${isLegible('c.relname')})::int AS missing,
            bool_or(c.relowner >= ${FIRST_USER_OID} OR NOT ${OF_AN_EXTENSION}) AS "isMaker",
            bool_or(c.relkind NOT IN ('r', 'p') OR c.relrowsecurity) AS "hasMoreThanTables"
     FROM (SELECT oid, relname, relnamespace, relowner, relkind, relrowsecurity, ${READABLE} AS readable${counted && `, ${is} AS excluded`}
           FROM pg_class c WHERE relkind IN ${RELATION_KINDS} AND relnamespace = ANY ($2::oid[]) OFFSET 0) c
     GROUP BY c.relnamespace, c.relowner`,
    values: [role, schemas, ...values],
  };
}
