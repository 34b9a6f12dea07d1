import type { Owner } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import type { ScratchObject } from '../catalog/scratch';
import { ident, literal } from '../identifiers';
import { isMadeFor, markerFor, ownershipOf, parseMarker } from '../marker';
import { chunks, divisible, type Statement } from './statement';
import { grantAllOnSchema } from './privileges';

/** The desired state of the temp schema. */
export interface TempSchemaSpec {
  readonly name: string;
  readonly roleName: string;
  /** The owner in its comment, which all owners of the role share. */
  readonly owner: Owner;
  readonly adoptExisting: boolean;
}

/** Returns why an existing schema may not be used; undefined if it may. */
export function tempSchemaConflict(
  desired: TempSchemaSpec,
  found: SchemaFacts | undefined,
): string | undefined {
  if (!found || desired.adoptExisting || isMadeFor(found.comment, desired.owner)) return undefined;
  const schema = ident(desired.name);
  if (found.falseMarkOf !== null)
    return `The schema ${schema} already exists and belongs to ${ident(found.falseMarkOf)}, who is not the administrator, so its comment, which names a stack, is not trusted. Choose another tempSchema, set adoptExisting to use the schema, or, if a previous administrator created it, change its owner (ALTER SCHEMA ${schema} OWNER TO …).`;
  const marker = parseMarker(found.comment);
  const maker = marker ? `stack "${marker.stackName}" created it` : 'this stack did not create it';
  return `The schema ${schema} already exists, and ${maker}. Choose another tempSchema, or set adoptExisting to use the schema.`;
}

/** Plans the statements that create the temp schema, mark it, and grant the role all privileges on it. */
export function planTempSchema(
  desired: TempSchemaSpec,
  found: SchemaFacts | undefined,
  actAsToCreate: number | undefined,
): Statement[] {
  const schema = ident(desired.name);
  const comment = `COMMENT ON SCHEMA ${schema} IS ${literal(markerFor(desired.owner))}`;
  const grant = grantAllOnSchema(desired.name, desired.roleName);
  if (!found) return [{ text: `CREATE SCHEMA ${schema}; ${comment}; ${grant}`, actAs: actAsToCreate }];
  const actAs = found.owner;
  return [
    ...(ownershipOf(found.comment, desired.owner) === 'previous-generation'
      ? [{ text: comment, actAs }]
      : []),
    ...(found.usage && found.create ? [] : [{ text: grant, actAs }]),
  ];
}

const OBJECTS_PER_STATEMENT = 100;
/** Dropping a table also locks its index, its TOAST table and the index of the TOAST table. */
const LOCKS_PER_OBJECT = 4;

/** Object types of which DROP accepts only one object. */
const ONE_BY_ONE = new Set(['CAST', 'OPERATOR CLASS', 'OPERATOR FAMILY']);

/** Plans DROP statements in the given order, several objects of one type each, within the lock budget. */
export function planScratchRemoval(
  schema: SchemaFacts,
  scratch: readonly ScratchObject[],
  role: number,
  lockBudget: number,
): Statement[] {
  const runs: ScratchObject[][] = [];
  for (const object of scratch) {
    if (runs.at(-1)?.[0].kind === object.kind) runs.at(-1)!.push(object);
    else runs.push([object]);
  }
  const maxObjects = Math.max(1, Math.min(OBJECTS_PER_STATEMENT, Math.floor(lockBudget / LOCKS_PER_OBJECT)));
  const drop = (some: readonly ScratchObject[]): Statement => ({
    text: `DROP ${some[0].kind} ${some.map(({ identity }) => identity).join(', ')}`,
    actAs: some[0].kind === 'CAST' ? role : schema.owner, // a cast belongs to no schema
    isOptional: true, // DROP SCHEMA … CASCADE drops the rest
    locks: some.length * LOCKS_PER_OBJECT,
  });
  return runs.flatMap((run) =>
    chunks(run, ONE_BY_ONE.has(run[0].kind) ? 1 : maxObjects).map((some) =>
      divisible(some, ({ identity }) => identity, drop),
    ),
  );
}
