import { createHash } from 'node:crypto';

const NOT_CREATED = 'not-created/';
const PARTIAL = '#half-made';

/** What a Create may have made before it failed: its Delete takes it away, whatever is to be kept otherwise. */
export function partialIdFor(targetId: string): string {
  return `${targetId}${PARTIAL}`;
}

export function isPartialId(physicalId: string): boolean {
  return physicalId.endsWith(PARTIAL);
}

/**
 * The id of a target that an update has moved to, after it removed the previous target itself: the Delete that CloudFormation
 * sends for the previous id finds it, and has nothing to do.
 */
export function idAfterRemoval(targetId: string, previousId: string): string {
  return `${targetId}${removed(previousId)}`;
}

/** True for an id under which the target of the previous one has been removed. */
export function hasRemoved(physicalId: string, previousId: string): boolean {
  return physicalId.endsWith(removed(previousId));
}

/** The id as it would be without what an update removed or a Create did not end. */
export function targetIn(physicalId: string): string {
  return physicalId.replace(/#(removed-[0-9a-f]{16}|half-made)$/, '');
}

function removed(physicalId: string): string {
  return `#removed-${createHash('sha256').update(physicalId).digest('hex').slice(0, 16)}`;
}

/** What is answered for a Create that failed and undid its work: its Delete has next to nothing to do. */
export function notCreatedId(prefix: string, stackId: string, logicalResourceId: string): string {
  return `${prefix}${NOT_CREATED}${ownerKey(stackId, logicalResourceId).slice(0, 16)}`;
}

/** True for an id that a provider, whose ids have this prefix, answered after a Create that succeeded. */
export function isMadeId(prefix: string, physicalId: string): boolean {
  return physicalId.startsWith(prefix) && !physicalId.startsWith(`${prefix}${NOT_CREATED}`);
}

/** Stable for one custom resource, and another for the same resource in another stack. */
export function ownerKey(stackId: string, logicalResourceId: string): string {
  return createHash('sha256').update(`${stackId}\n${logicalResourceId}`).digest('hex').slice(0, 32);
}

/** The name in `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID`. */
export function stackNameOf(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
