import type { StackResourceState, StackState } from './stacks-ports';

/** The state of a stack and of one of its custom resources in CloudFormation. */
export interface StackReading {
  readonly stack: StackState;
  /** Undefined if CloudFormation does not describe the resource, or the role may not read it. */
  readonly resource?: Omit<StackResourceState, 'physicalId'>;
}

/** A request of CloudFormation and when it was sent; if unknown, when its first invocation began. */
export interface FencedRequest {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly sentAt: number;
}

/** CloudFormation writes the status before it sends the request; the clocks of the two need not agree. */
const CLOCK_TOLERANCE_MS = 15_000;

/**
 * In which states of its stack a request may be waited for. CloudFormation deletes in every kind of operation: what an
 * update replaced or removed in its clean-up, what it had made in the rollback.
 */
const WAITING = {
  Create: /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/,
  Update: /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$|ROLLBACK_IN_PROGRESS$/,
  Delete: /_IN_PROGRESS$/,
};

/** States of a resource in which nobody waits for its Create or its Update. */
const SETTLED = /^(CREATE|UPDATE|DELETE|IMPORT)_(COMPLETE|FAILED|SKIPPED)$|^DELETE_IN_PROGRESS$/;
const MAKING = /^(CREATE|UPDATE)_IN_PROGRESS$/;

/** Returns why CloudFormation does not wait for a request, at its first invocation; undefined if it waits. */
export function refusalAtStart(request: FencedRequest, now: StackReading | undefined): string | undefined {
  const over = notWaiting(request, now);
  if (over !== undefined || !now) return over;
  const { stack, resource } = now;
  const latest = request.sentAt + CLOCK_TOLERANCE_MS;
  if (stack.changedAt !== undefined && stack.changedAt > latest)
    return `a later operation is in progress (${stack.status})`;
  if (resource && /_IN_PROGRESS$/.test(resource.status) && resource.changedAt > latest)
    return `a later request for the resource is in progress (${resource.status})`;
  return undefined;
}

/**
 * Returns why CloudFormation no longer waits for a request whose first invocation read `first`; undefined if it waits.
 *
 * As long as it is, CloudFormation writes neither the status of the stack nor the one of the resource. When a sibling fails
 * or somebody cancels the update, it marks the resource as failed, and then asks for the way back.
 */
export function supersession(
  request: FencedRequest,
  first: StackReading,
  now: StackReading | undefined,
): string | undefined {
  const over = notWaiting(request, now);
  if (over !== undefined || !now) return over;
  const isRewritten = first.resource?.changedAt !== now.resource?.changedAt;
  if (now.resource && isOther(request, first.resource, now.resource))
    return `the resource is ${now.resource.status}`;
  const isOtherStatus = first.stack.status !== now.stack.status;
  if (
    !isOtherStatus &&
    first.stack.changedAt === undefined &&
    isRewritten &&
    request.requestType !== 'Delete'
  )
    return `another request for the resource has begun (${now.stack.status})`;
  if (!isOtherStatus && isSameTime(first.stack, now.stack)) return undefined;
  // A status that was read too early is no reason to stop, if the resource is what it was.
  const isSame = now.resource !== undefined && !isRewritten && first.resource?.status === now.resource.status;
  if (isSame && request.requestType !== 'Delete') return undefined;
  return isOtherStatus
    ? `the stack is ${now.stack.status}`
    : `another operation has begun (${now.stack.status})`;
}

/** True also if one of the two has no time of the last change. */
function isSameTime({ changedAt: one }: StackState, { changedAt: other }: StackState): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Returns why a scheduled task must not change anything now; undefined if it may. */
export function taskRefusal(first: StackState | undefined, now: StackState | undefined): string | undefined {
  if (!now) return 'the stack does not exist';
  if (/_IN_PROGRESS$|^DELETE_|ROLLBACK_FAILED$/.test(now.status)) return `the stack is ${now.status}`;
  if (first && first.changedAt !== now.changedAt) return 'the stack has been changed meanwhile';
  return undefined;
}

function notWaiting({ requestType }: FencedRequest, now: StackReading | undefined): string | undefined {
  if (!now) return 'the stack does not exist';
  const { stack, resource } = now;
  if (!WAITING[requestType].test(stack.status)) return `the stack is ${stack.status}`;
  if (requestType !== 'Delete' && resource && SETTLED.test(resource.status))
    return `the resource is ${resource.status}`;
  return undefined;
}

function isOther(
  { requestType }: FencedRequest,
  first: StackReading['resource'],
  now: NonNullable<StackReading['resource']>,
): boolean {
  if (first?.status === now.status) return false;
  // In a clean-up the resource may be described as what took its place.
  return requestType === 'Delete' ? MAKING.test(now.status) : first !== undefined;
}

/** Returns when CloudFormation signed the response URL and so sent the request; undefined if unknown. */
export function signedAt(responseUrl: string): number | undefined {
  const stamp = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/
    .exec(responseUrl)
    ?.slice(1)
    .map(Number);
  if (!stamp) return undefined;
  const [year, month, day, hour, minute, second] = stamp;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
