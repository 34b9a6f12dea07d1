import type { Owner } from '../../private/wire/sql';

/** The owner that a comment of this library names. */
export interface Marker {
  readonly key: string;
  readonly id: string;
  readonly stackName: string;
}

const PATTERN = /^Made by cdk-datafold-postgres for stack "(.*)"\. .*\[key=(\S+) id=(\S+)\]$/s;

const DELETED_WITH_STACK = 'Deleted with the stack; do not change this comment.';
/** Part of the comment on a role that a removal had to keep. */
export const RETAINED =
  'Its access was removed. It is kept without login because it owns objects. Do not change this comment.';

/** Returns the comment on a schema that a run creates. Later runs recognize the schema by it. */
export function markerFor(owner: Owner): string {
  return marker(owner, DELETED_WITH_STACK);
}

/** Returns the comment that the DBA script sets on a role that it could not drop. */
export function retainedMarkerFor(owner: Owner): string {
  return marker(owner, RETAINED);
}

function marker({ key, id, stackName }: Owner, text: string): string {
  return `Made by cdk-datafold-postgres for stack "${stackName}". ${text} [key=${encodeURIComponent(key)} id=${encodeURIComponent(id)}]`;
}

/** Parses the owner from a comment; undefined if the comment is not of this library. */
export function parseMarker(comment: string | null): Marker | undefined {
  const match = comment === null ? null : PATTERN.exec(comment);
  if (!match) return undefined;
  const [key, id] = [decoded(match[2]), decoded(match[3])];
  return key === undefined || id === undefined ? undefined : { stackName: match[1], key, id };
}

/** Decodes a part of a comment; undefined if it is invalid: the owner of a schema can write any comment. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Returns true if a run for this owner, of any generation, wrote the comment. */
export function isMadeFor(comment: string | null, { key }: Owner): boolean {
  return parseMarker(comment)?.key === key;
}

/** The owner of a schema, from the point of view of this resource. */
export type Ownership = 'ours' | 'previous-generation' | 'unmarked' | 'others';

/** Returns the ownership that a comment states. */
export function ownershipOf(comment: string | null, owner: Owner): Ownership {
  const marker = parseMarker(comment);
  if (!marker) return 'unmarked';
  if (marker.key !== owner.key) return 'others';
  return marker.id === owner.id ? 'ours' : 'previous-generation';
}
