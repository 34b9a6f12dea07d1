import { isLegible } from './legible';
import type { Parameter, Query } from '../connection/queries';
import { exclusion } from './excluded-tables';
import { OF_AN_EXTENSION, READABLE, RELATION_KINDS } from './relations';

/** A relation on which the role lacks SELECT. */
export interface MissingRelation {
  readonly oid: number;
  readonly schema: number;
  readonly owner: number;
  readonly name: string;
}

/**
 * Selects a page of the relations in `schemas` that `role` cannot read, ordered by oid. Relations are sorted first (OFFSET 0), so
 * that privileges are checked only until the page is full.
 */
export function missingRelationsQuery<V = never>(
  role: Parameter<number, V>,
  schemas: Parameter<number[], V>,
  page: { readonly after: number; readonly limit: number },
  excluded?: readonly string[],
): Query<MissingRelation, V> {
  const { sql, values } = exclusion(excluded, 5);
  return {
    text: `SELECT c.oid, c.relnamespace AS schema, c.relowner AS owner, c.relname AS name
     FROM (SELECT oid, relnamespace, relowner, relname, relacl FROM pg_class
           WHERE relkind IN ${RELATION_KINDS} AND relnamespace = ANY ($2::oid[]) AND oid > $3 ORDER BY oid OFFSET 0) c
     WHERE NOT ${READABLE} AND NOT ${OF_AN_EXTENSION} AND ${isLegible('c.relname')} ${sql}
     ORDER BY c.oid LIMIT $4`,
    values: [role, schemas, page.after, page.limit, ...values],
  };
}
