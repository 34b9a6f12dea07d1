import { isConfirmed } from './confirmed';
import { invokeContinuation, parseContinuation, type Continuation } from './continuation';
import { type Clock, Deadline } from './deadline';
import { parseEvent, type CustomResourceEvent } from './event';
import { Failure, PartiallyCreated, reasonOf, Superseded } from './failure';
import { RequestFence } from './fence';
import { signedAt } from './fence-rules';
import type { Handle } from './lifecycle';
import { Log, type LogFields, Redactor } from '../../log';
import { Continue, type Done } from './outcome';
import { notCreatedId, ownerKey } from './physical-ids';
import { sendAnswer, type Answer } from './response';
import { Run, type RuntimePorts } from './run';

/** How long reading whether CloudFormation waits for a response may take. */
const ASK_BEFORE_ANSWER_MS = 5_000;

/** The context of the invocation from Lambda. */
export interface Invocation {
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
}

/** The environment of the function. */
export interface Host<A extends RuntimePorts> {
  readonly aws: A;
  readonly clock: Clock;
  /** Writes a line of the log. */
  readonly write: (line: string) => void;
  /** The name of this function in its log. */
  readonly service: string;
  /** The ports for one invocation: `check` is called before each change, the redactor learns each secret. */
  protect(aws: A, check: () => Promise<void>, redactor: Redactor): A;
}

/** The environment of the function, with the types of custom resources. */
export interface ResourceHost<A extends RuntimePorts> extends Host<A> {
  /** The prefix of all physical ids of this function. */
  readonly idPrefix: string;
  handlerOf(resourceType: string): Handle<A>;
  /** Throws Failure for an event that gets no response. */
  assertAnswerable(event: CustomResourceEvent): void;
  /** Throws Failure for an event that this function must not handle. */
  assertAllowed(event: CustomResourceEvent): void;
}

/** Handles an event and always sends a response in time, or continues in another invocation. */
export async function provision<A extends RuntimePorts>(
  raw: unknown,
  invocation: Invocation,
  host: ResourceHost<A>,
): Promise<void> {
  const { clock, idPrefix } = host;
  const event = parseEvent(raw);
  host.assertAnswerable(event);
  const continuation = parseContinuation(raw, clock.now());
  const redactor = new Redactor();
  const log = logOf(host, invocation, redactor, commonFields(event, continuation));
  const deadline = new Deadline(clock, invocation.getRemainingTimeInMillis());
  const sentAt = signedAt(event.responseUrl) ?? continuation.startedAt;
  const fence = new RequestFence(host.aws.stacks, { ...event, sentAt }, continuation.stack, clock, log);
  const run = new Run({
    aws: host.protect(host.aws, () => fence.check(), redactor),
    fence,
    turn: { key: ownerKey(event.stackId, event.logicalResourceId), requestedAt: sentAt },
    clock,
    log,
    deadline,
    startedAt: continuation.startedAt,
    invocationCount: continuation.invocationCount,
    retriesDenied: event.requestType !== 'Delete',
    stackId: event.stackId,
    confirmed: (of, id) => isConfirmed(of, event, id, idPrefix),
  });

  const work = async () => {
    host.assertAllowed(event);
    await beforeWork(fence);
    const outcome = await host.handlerOf(event.resourceType)(event, continuation.state, run);
    if (!(outcome instanceof Continue)) return outcome;
    await invokeContinuation(run, invocation.invokedFunctionArn, raw, continuation, outcome, fence.first);
    return undefined;
  };
  const failed = (error: unknown) => {
    if (!(error instanceof Failure)) log.warn('unexpected error', { error: placeOf(error) });
    if (!(error instanceof PartiallyCreated)) return new Refusal(reasonOf(error));
    return new Refusal([reasonOf(error), run.mayStay].filter(Boolean).join(' '), error.physicalId);
  };
  const outcome = await deadline.race(work(), () => run.late(', then deploy again.')).catch(failed);
  deadline.stop();
  run.end();
  if (outcome !== undefined) await beforeAnswer(fence, clock);
  if (fence.superseded)
    return log.warn('stopped without an answer: CloudFormation no longer waits for this request', {
      reason: fence.superseded.reason,
    });
  if (outcome !== undefined)
    await sendAnswer(event.responseUrl, answerOf(event, outcome, redactor, idPrefix), clock, log);
}

/** Returns the log of an invocation. */
export function logOf(
  { service, write, clock }: Pick<Host<RuntimePorts>, 'service' | 'write' | 'clock'>,
  { awsRequestId }: Invocation,
  redactor: Redactor,
  fields: LogFields,
): Log {
  return new Log({ service, function_request_id: awsRequestId, ...fields }, redactor, write, () =>
    clock.now(),
  );
}

/** Reads the stack. If that fails, the first change reads it again. */
async function beforeWork(fence: RequestFence): Promise<void> {
  await fence.check().catch((error: unknown) => {
    if (error instanceof Superseded) throw error;
  });
}

/** Checks whether CloudFormation waits for a response, without delaying the response. */
async function beforeAnswer(fence: RequestFence, clock: Clock): Promise<void> {
  const done = new AbortController();
  const asked = beforeWork(fence).catch(() => undefined);
  await Promise.race([asked, clock.sleep(ASK_BEFORE_ANSWER_MS, done.signal).catch(() => undefined)]);
  done.abort();
}

function commonFields(event: CustomResourceEvent, { invocationCount }: Continuation) {
  const { requestType, requestId, logicalResourceId, resourceType } = event;
  return { requestType, requestId, logicalResourceId, resourceType, invocationCount };
}

/** A failed event: the reason, and the id under which a rollback deletes something. */
class Refusal {
  constructor(
    readonly reason: string,
    readonly physicalId?: string,
  ) {}
}

function answerOf(
  event: CustomResourceEvent,
  outcome: Done | Refusal,
  redactor: Redactor,
  idPrefix: string,
): Answer {
  const { stackId, requestId, logicalResourceId, physicalResourceId } = event;
  const ids = { StackId: stackId, RequestId: requestId, LogicalResourceId: logicalResourceId };
  if (outcome instanceof Refusal) {
    const partialId = outcome.physicalId ?? notCreatedId(idPrefix, stackId, logicalResourceId);
    const PhysicalResourceId = physicalResourceId ?? partialId;
    return { Status: 'FAILED', Reason: redactor.clean(outcome.reason), PhysicalResourceId, ...ids };
  }
  return { Status: 'SUCCESS', PhysicalResourceId: outcome.physicalId, ...ids, Data: outcome.data };
}

/** Returns the stack trace of an unexpected error without its message, which may hold anything. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [error.name, ...places.slice(0, 5).map((line) => line.trim())].join(' ');
}
