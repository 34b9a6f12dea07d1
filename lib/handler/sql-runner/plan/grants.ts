import type { MissingRelation } from '../catalog/missing-relations';
import type { SchemaFacts } from '../catalog/schemas';
import { idents, qualified } from '../identifiers';
import { chunks, divisible, groupBy, type Statement, type ActAs } from './statement';
import { grantSelect, grantUsage } from './privileges';

const SCHEMAS_PER_STATEMENT = 200;
const RELATIONS_PER_STATEMENT = 500;

/** Grants USAGE on the schemas in which the role lacks it. */
export function planSchemaUsage(roleName: string, schemas: readonly SchemaFacts[]): Statement[] {
  const missing = groupBy(
    schemas.filter((schema) => !schema.usage),
    (schema) => schema.owner,
  );
  return [...missing].flatMap(([actAs, group]) =>
    chunks(group, SCHEMAS_PER_STATEMENT).map((some) => ({
      text: grantUsage(idents(some.map((schema) => schema.name)), roleName),
      actAs,
      identity: 'preferred',
      locks: some.length,
    })),
  );
}

/**
 * Grants SELECT on relations by name, grouped by owner. Skips relations whose owner the administrator cannot act as.
 *
 * `ON ALL TABLES` would rewrite existing grants, fail as a whole for one such owner, and scan the catalog for each schema.
 */
export function planRelations(
  roleName: string,
  schemas: readonly SchemaFacts[],
  missing: readonly MissingRelation[],
  howToActAs: (role: number) => ActAs,
): Statement[] {
  const names = new Map(schemas.map((schema) => [schema.oid, schema.name]));
  const reachable = missing.filter((relation) => howToActAs(relation.owner) !== 'none');
  return [...groupBy(reachable, (relation) => relation.owner)].flatMap(([actAs, group]) =>
    chunks(group, RELATIONS_PER_STATEMENT).map((chunk) =>
      divisible(
        chunk,
        (relation) => relation.schema,
        (some) => ({
          text: grantSelect(
            some.map((relation) => qualified(names.get(relation.schema)!, relation.name)).join(', '),
            roleName,
          ),
          actAs,
          identity: 'preferred',
          locks: some.length,
        }),
      ),
    ),
  );
}
