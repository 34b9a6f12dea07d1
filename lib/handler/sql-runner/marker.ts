import type { Owner } from '../../private/wire/sql';

/** The owner that a comment of ours names. */
export interface Marker {
  readonly key: string;
  readonly id: string;
  readonly stackName: string;
}

const PATTERN = /^Made by cdk-datafold-postgres for stack "(.*)"\. .*\[key=(\S+) id=(\S+)\]$/s;

const REMOVED_WITH_IT = 'Removed with it; leave this comment as it is.';
const BEING_REMOVED = 'Its removal has begun, so it may not log in any more; leave this comment as it is.';
/** Stands in the comment on a role that a removal had to keep. */
export const RETAINED =
  'Its access was removed: it is kept without login because of what it owns. Leave this comment as it is.';

/** The comment on a role or schema that a run makes: for people to read, and for a later run to know it by. */
export function markerFor(owner: Owner): string {
  return marker(owner, REMOVED_WITH_IT);
}

/** The comment on a role from which a removal has taken the login: a later run for the same owner may give it back. */
export function removalMarkerFor(owner: Owner): string {
  return marker(owner, BEING_REMOVED);
}

/** The comment on a role that a removal could not drop: a later run for the same owner takes the role over again. */
export function retainedMarkerFor(owner: Owner): string {
  return marker(owner, RETAINED);
}

function marker({ key, id, stackName }: Owner, text: string): string {
  return `Made by cdk-datafold-postgres for stack "${stackName}". ${text} [key=${encodeURIComponent(key)} id=${encodeURIComponent(id)}]`;
}

/** True for a role that a removal locked, not a person: a removal that is under way, or one that had to keep it. */
export function isBeingRemoved(comment: string | null): boolean {
  return (
    parseMarker(comment) !== undefined &&
    (comment!.includes(`". ${BEING_REMOVED} [key=`) || isRetained(comment))
  );
}

/** True for a role that a removal had to keep. */
export function isRetained(comment: string | null): boolean {
  return parseMarker(comment) !== undefined && comment!.includes(`". ${RETAINED} [key=`);
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

/** True for what a run has made for this owner, in whatever incarnation. */
export function isMadeFor(comment: string | null, { key }: Owner): boolean {
  return parseMarker(comment)?.key === key;
}

/** Whose a role or schema is. */
export type Ownership = 'ours' | 'ours-of-another-incarnation' | 'unmarked' | 'another';

/** Reads from a comment whose the thing is. */
export function ownershipOf(comment: string | null, owner: Owner): Ownership {
  const marker = parseMarker(comment);
  if (!marker) return 'unmarked';
  if (marker.key !== owner.key) return 'another';
  return marker.id === owner.id ? 'ours' : 'ours-of-another-incarnation';
}
