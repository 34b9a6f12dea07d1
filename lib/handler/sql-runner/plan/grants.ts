import type { MissingRelation } from '../catalog/missing-relations';
import type { RelationGroup } from '../catalog/relation-groups';
import type { SchemaFacts } from '../catalog/schemas';
import { ident, idents, qualified } from '../identifiers';
import { chunks, groupBy, type Statement, type Way } from './statement';

const SCHEMAS_PER_STATEMENT = 200;
const RELATIONS_PER_STATEMENT = 500;
/** `ON ALL TABLES` says in few words what takes long: keep each statement short in time. */
const RELATIONS_PER_WHOLE_STATEMENT = 2_000;

/** USAGE on the schemas that lack it. */
export function planSchemaUsage(roleName: string, schemas: readonly SchemaFacts[]): Statement[] {
  const lacking = groupBy(
    schemas.filter((schema) => !schema.usage),
    (schema) => schema.owner,
  );
  return [...lacking].flatMap(([actAs, group]) =>
    chunks(group, SCHEMAS_PER_STATEMENT).map((some) => ({
      text: `GRANT USAGE ON SCHEMA ${idents(some.map((schema) => schema.name))} TO ${ident(roleName)}`,
      actAs,
    })),
  );
}

/** `ON ALL TABLES` for the schemas in which nothing is granted yet and everything can be granted directly. */
export function planWholeSchemas(
  roleName: string,
  schemas: readonly SchemaFacts[],
  groups: readonly RelationGroup[],
  way: (role: number) => Way,
): Statement[] {
  const bySchema = groupBy(groups, (group) => group.schema);
  const whole = schemas.flatMap((schema) => {
    const own = bySchema.get(schema.oid) ?? [];
    const relations = own.reduce((sum, group) => sum + group.relations, 0);
    const simple = own.every(
      (group) =>
        group.missing === group.relations && group.ofExtensions === 0 && way(group.owner) === 'direct',
    );
    return relations > 0 && simple && way(schema.owner) === 'direct'
      ? [{ name: schema.name, relations }]
      : [];
  });
  return chunks(whole, RELATIONS_PER_WHOLE_STATEMENT, (schema) => schema.relations).map((some) => ({
    text: `GRANT SELECT ON ALL TABLES IN SCHEMA ${idents(some.map((schema) => schema.name))} TO ${ident(roleName)}`,
  }));
}

/** SELECT on single relations, owner by owner; relations whose owner is out of reach are left out. */
export function planRelations(
  roleName: string,
  schemas: readonly SchemaFacts[],
  missing: readonly MissingRelation[],
  way: (role: number) => Way,
): Statement[] {
  const names = new Map(schemas.map((schema) => [schema.oid, schema.name]));
  const reachable = missing.filter((relation) => way(relation.owner) !== 'none');
  return [...groupBy(reachable, (relation) => relation.owner)].flatMap(([actAs, group]) =>
    chunks(group, RELATIONS_PER_STATEMENT).map((some) => ({
      text: `GRANT SELECT ON TABLE ${some.map((relation) => qualified(names.get(relation.schema)!, relation.name)).join(', ')} TO ${ident(roleName)}`,
      actAs,
    })),
  );
}
