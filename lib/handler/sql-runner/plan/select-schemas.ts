import type { DatabaseSpec } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import { parseMarker } from '../marker';

/** The schemas that a specification selects. */
export interface SelectedSchemas {
  readonly granted: readonly SchemaFacts[];
  /** Named schemas that do not exist. */
  readonly unknown: readonly string[];
  /** Excluded schemas that do not exist, which is probably a typo. */
  readonly unknownExcluded: readonly string[];
}

/**
 * Selects the schemas to read: the named ones, or all except system schemas, temporary schemas, schemas of extensions and of
 * `rdsadmin`, and the temp schemas of other installations.
 */
export function selectSchemas(
  schemas: readonly SchemaFacts[],
  spec: DatabaseSpec,
  tempSchema: string,
): SelectedSchemas {
  const there = new Set(schemas.map((schema) => schema.name));
  const named = spec.schemas && new Set(spec.schemas);
  const excluded = new Set(spec.excludeSchemas);
  const expected = (schema: SchemaFacts) => !schema.internal && parseMarker(schema.comment) === undefined;
  return {
    granted: schemas.filter(
      (schema) =>
        schema.isLegible &&
        schema.name !== tempSchema &&
        !excluded.has(schema.name) &&
        (named ? named.has(schema.name) : expected(schema)),
    ),
    unknown: [...(named ?? [])].filter((name) => !there.has(name) && name !== tempSchema),
    unknownExcluded: [...excluded].filter((name) => !there.has(name)),
  };
}
