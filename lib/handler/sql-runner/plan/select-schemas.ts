import type { DatabaseSpec } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import { parseMarker } from '../marker';

/** The schemas a specification means. */
export interface SelectedSchemas {
  readonly granted: readonly SchemaFacts[];
  /** Named, but not there. */
  readonly unknown: readonly string[];
  /** Excluded, but not there: a likely slip of the pen. */
  readonly unknownExcluded: readonly string[];
}

/**
 * Picks the schemas to read: those named, or else all that a person would expect: not PostgreSQL's, not an extension's,
 * not temporary, not those of `rdsadmin`, not the temp schemas of other installations.
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
