import type { Owner } from '../../private/wire/sql';

/** The owner that a comment of ours names. */
export interface Marker {
  readonly key: string;
  readonly id: string;
  readonly stackName: string;
}

const PATTERN = /^Made by cdk-datafold-postgres for stack "(.*)"\. .*\[key=(\S+) id=(\S+)\]$/s;

const REMOVED_WITH_IT = 'Removed with it; leave this comment as it is.';
/** Stands in the comment on a role that a removal had to keep. */
export const RETAINED =
  'Its access was removed: it is kept without login because of what it owns. Leave this comment as it is.';

/** The comment on a schema that a run makes: for people to read, and for a later run to know it by. */
export function markerFor(owner: Owner): string {
  return marker(owner, REMOVED_WITH_IT);
}

/** The comment of the script for an administrator on a role that its removal could not drop. */
export function retainedMarkerFor(owner: Owner): string {
  return marker(owner, RETAINED);
}

function marker({ key, id, stackName }: Owner, text: string): string {
  return `Made by cdk-datafold-postgres for stack "${stackName}". ${text} [key=${encodeURIComponent(key)} id=${encodeURIComponent(id)}]`;
}

/** The owner named in a comment, if the comment is ours. */
export function parseMarker(comment: string | null): Marker | undefined {
  const match = comment === null ? null : PATTERN.exec(comment);
  if (!match) return undefined;
  const [key, id] = [decoded(match[2]), decoded(match[3])];
  return key === undefined || id === undefined ? undefined : { stackName: match[1], key, id };
}

/** Anybody who owns a schema can comment it: what a run cannot have written is no mark. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** True for what a run has made for this owner, in whatever generation. */
export function isMadeFor(comment: string | null, { key }: Owner): boolean {
  return parseMarker(comment)?.key === key;
}

/** Whose a schema is. */
export type Ownership = 'ours' | 'previous-generation' | 'unmarked' | 'others';

/** Reads from a comment whose the schema is. */
export function ownershipOf(comment: string | null, owner: Owner): Ownership {
  const marker = parseMarker(comment);
  if (!marker) return 'unmarked';
  if (marker.key !== owner.key) return 'others';
  return marker.id === owner.id ? 'ours' : 'previous-generation';
}
