import type { Owner } from '../../../private/wire/sql';
import type { SchemaFacts } from '../catalog/schemas';
import { ident, literal } from '../identifiers';
import { markerFor, parseMarker, whose } from '../marker';
import type { Statement } from './statement';

/** What is wanted of the temp schema. */
export interface TempSchemaWish {
  readonly name: string;
  readonly roleName: string;
  readonly owner: Owner;
  readonly adoptExisting: boolean;
}

/** Why the schema of that name may not be used, if so. */
export function tempSchemaConflict(wish: TempSchemaWish, found: SchemaFacts | undefined): string | undefined {
  if (!found || wish.adoptExisting) return undefined;
  const marker = parseMarker(found.comment);
  if (marker?.key === wish.owner.key) return undefined;
  const maker = marker ? `stack "${marker.stackName}" made it` : 'this stack did not make it';
  return `The schema ${ident(wish.name)} is there already and ${maker}. Choose another tempSchema, or set adoptExisting to use it as it is.`;
}

/** Makes the temp schema, marks it as ours and gives the role all rights in it, as far as that is not so yet. */
export function planTempSchema(
  wish: TempSchemaWish,
  found: SchemaFacts | undefined,
  actAsToCreate: number | undefined,
): Statement[] {
  const schema = ident(wish.name);
  const comment = `COMMENT ON SCHEMA ${schema} IS ${literal(markerFor(wish.owner))}`;
  const grant = `GRANT ALL ON SCHEMA ${schema} TO ${ident(wish.roleName)}`;
  if (!found) return [{ text: `CREATE SCHEMA ${schema}; ${comment}; ${grant}`, actAs: actAsToCreate }];
  const actAs = found.owner;
  return [
    ...(whose(found.comment, wish.owner) === 'ours-of-another-incarnation' ? [{ text: comment, actAs }] : []),
    ...(found.usage && found.create ? [] : [{ text: grant, actAs }]),
  ];
}
