import type { Owner } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import type { ScratchObject } from '../catalog/scratch';
import { ident, literal } from '../identifiers';
import { isMadeFor, markerFor, ownershipOf, parseMarker } from '../marker';
import { chunks, divisible, type Statement } from './statement';
import { grantAllOnSchema } from './privileges';

/** What is wanted of the temp schema. */
export interface TempSchemaSpec {
  readonly name: string;
  readonly roleName: string;
  /** The owner that its comment names: the same for all owners of the role. */
  readonly owner: Owner;
  readonly adoptExisting: boolean;
}

/** Why the schema of that name may not be used, if so. */
export function tempSchemaConflict(
  desired: TempSchemaSpec,
  found: SchemaFacts | undefined,
): string | undefined {
  if (!found || desired.adoptExisting || isMadeFor(found.comment, desired.owner)) return undefined;
  const schema = ident(desired.name);
  if (found.falseMarkOf !== null)
    return `The schema ${schema} already exists and belongs to ${ident(found.falseMarkOf)}, who is not the administrator: its comment, which names a stack, is not believed. Choose another tempSchema, set adoptExisting to use it as it is, or, if a previous administrator made it, give it to the present one (ALTER SCHEMA ${schema} OWNER TO …).`;
  const marker = parseMarker(found.comment);
  const maker = marker ? `stack "${marker.stackName}" made it` : 'this stack did not make it';
  return `The schema ${schema} already exists and ${maker}. Choose another tempSchema, or set adoptExisting to use it as it is.`;
}

/** Makes the temp schema, marks it as ours and gives the role all rights in it, as far as that is not so yet. */
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
/** Dropping a table locks its index, its TOAST table and the index of that as well. */
const LOCKS_PER_OBJECT = 4;

/** DROP takes one of these at a time. */
const ONE_BY_ONE = new Set(['CAST', 'OPERATOR CLASS', 'OPERATOR FAMILY']);

/** Drops things in the order given, several of one kind by one statement that takes no more locks than there is `room` for. */
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
  const most = Math.max(1, Math.min(OBJECTS_PER_STATEMENT, Math.floor(lockBudget / LOCKS_PER_OBJECT)));
  const drop = (some: readonly ScratchObject[]): Statement => ({
    text: `DROP ${some[0].kind} ${some.map(({ identity }) => identity).join(', ')}`,
    actAs: some[0].kind === 'CAST' ? role : schema.owner, // a cast is in no schema
    isOptional: true, // DROP SCHEMA … CASCADE takes the rest
    locks: some.length * LOCKS_PER_OBJECT,
  });
  return runs.flatMap((run) =>
    chunks(run, ONE_BY_ONE.has(run[0].kind) ? 1 : most).map((some) =>
      divisible(some, ({ identity }) => identity, drop),
    ),
  );
}
