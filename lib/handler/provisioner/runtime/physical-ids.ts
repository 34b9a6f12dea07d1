import { createHash } from 'node:crypto';

const NOT_CREATED = 'not-created/';
const PARTIAL = '#partial';
const KEPT = '#kept';

/** Returns the id of what a failed Create may have created: its Delete removes it, whatever the removal policy. */
export function partialIdFor(targetId: string): string {
  return `${targetId}${PARTIAL}`;
}

/** True for an id of `partialIdFor`. */
export function isPartialId(physicalId: string): boolean {
  return physicalId.endsWith(PARTIAL);
}

/** Returns the id of what existed before a failed Create: its Delete keeps it. */
export function keptIdFor(targetId: string): string {
  return `${targetId}${KEPT}`;
}

/** True for an id of `keptIdFor`. */
export function isKeptId(physicalId: string): boolean {
  return physicalId.endsWith(KEPT);
}

/**
 * Returns the id of a new target after an update that removed the previous target: the Delete for the previous id finds this id
 * and does nothing.
 */
export function idAfterRemoval(targetId: string, previousId: string): string {
  return `${targetId}${removed(previousId)}`;
}

/** True for an id which says that the target of the previous id is removed. */
export function hasRemoved(physicalId: string, previousId: string): boolean {
  return physicalId.endsWith(removed(previousId));
}

/** Returns the id without its suffixes about a removed target or a failed Create. */
export function targetIn(physicalId: string): string {
  return physicalId.replace(/#(removed-[0-9a-f]{16}|partial|kept)$/, '');
}

function removed(physicalId: string): string {
  return `#removed-${createHash('sha256').update(physicalId).digest('hex').slice(0, 16)}`;
}

/** Returns the id for a failed Create that reverted its changes: its Delete does almost nothing. */
export function notCreatedId(prefix: string, stackId: string, logicalResourceId: string): string {
  return `${prefix}${NOT_CREATED}${ownerKey(stackId, logicalResourceId).slice(0, 16)}`;
}

/** True for an id with the prefix that a successful Create returned. */
export function isMadeId(prefix: string, physicalId: string): boolean {
  return physicalId.startsWith(prefix) && !physicalId.startsWith(`${prefix}${NOT_CREATED}`);
}

/** Returns a key that is stable for a custom resource and differs between stacks. */
export function ownerKey(stackId: string, logicalResourceId: string): string {
  return createHash('sha256').update(`${stackId}\n${logicalResourceId}`).digest('hex').slice(0, 32);
}

/** Returns the name in `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID`. */
export function stackNameOf(stackId: string): string {
  return stackId.split('/')[1] ?? stackId;
}
