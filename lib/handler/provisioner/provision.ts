import type { AwsPorts } from './aws/ports';
import { rememberSecrets } from './aws/remember';
import type { Clock } from './clock';
import { Deadline } from './deadline';
import { handlerOf } from './dispatch';
import { Failure, reasonOf } from './failure';
import { Log } from './log';
import { ContinueLater, type Done } from './outcome';
import { parseContinuation, parseEvent, type Continuation, type CustomResourceEvent } from './parse/event';
import { notCreatedId } from './physical-ids';
import { Redactor } from './redactor';
import { sendAnswer } from './response';
import { Run } from './run';

/** What Lambda says about the invocation. */
export interface Invocation {
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

/** The world outside. */
export interface World {
  readonly aws: AwsPorts;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** Does what the event asks and answers it, always and in time; or leaves it to another invocation of this function. */
export async function provision(raw: unknown, invocation: Invocation, world: World): Promise<void> {
  const { clock } = world;
  const event = parseEvent(raw);
  const continuation = parseContinuation(raw, clock.now());
  const deadline = new Deadline(clock, invocation.getRemainingTimeInMillis());
  const redactor = new Redactor();
  const { requestType, requestId, logicalResourceId, resourceType } = event;
  const common = { requestType, requestId, logicalResourceId, resourceType, round: continuation.round };
  const log = new Log(common, redactor, world.write);
  const aws = rememberSecrets(world.aws, redactor);
  const { startedAt, round } = continuation;
  const run = new Run({ aws, clock, log, deadline, startedAt, round, patient: requestType !== 'Delete' });
  const outcome = await deadline
    .race(work(raw, event, continuation, invocation, run), () => {
      throw new Failure(
        `The work did not end before the function's time did; it was waiting for this: ${run.waitingFor}. Find out what holds it up, then deploy again.`,
      );
    })
    .catch((error: unknown) => {
      if (!(error instanceof Failure)) log.warn('unexpected error', { error: placeOf(error) });
      return redactor.clean(reasonOf(error));
    });
  deadline.stop();
  if (outcome !== HANDED_OVER) await answer(event, outcome, clock, log);
}

const HANDED_OVER = Symbol('another invocation answers');

async function work(
  raw: unknown,
  event: CustomResourceEvent,
  { startedAt, round, state }: Continuation,
  { invokedFunctionArn }: Invocation,
  run: Run,
): Promise<Done | typeof HANDED_OVER> {
  const outcome = await handlerOf(event.resourceType)(event, state, run);
  if (!(outcome instanceof ContinueLater)) return outcome;
  const next: Continuation = { startedAt, round: round + 1, state: outcome.state };
  const payload = JSON.stringify({ ...(raw as object), continuation: next });
  await run.call(`${run.waitingFor} (in another invocation)`, () =>
    run.aws.functions.send(invokedFunctionArn, payload),
  );
  return HANDED_OVER;
}

async function answer(
  event: CustomResourceEvent,
  outcome: Done | string,
  clock: Clock,
  log: Log,
): Promise<void> {
  const { stackId, requestId, logicalResourceId, physicalResourceId } = event;
  const ids = { StackId: stackId, RequestId: requestId, LogicalResourceId: logicalResourceId };
  const failedId = physicalResourceId ?? notCreatedId(stackId, logicalResourceId);
  const said =
    typeof outcome === 'string'
      ? { Status: 'FAILED' as const, Reason: outcome, PhysicalResourceId: failedId }
      : { Status: 'SUCCESS' as const, PhysicalResourceId: outcome.physicalId, Data: outcome.data };
  await sendAnswer(event.responseUrl, { ...said, ...ids }, clock, log);
}

/** Where an unforeseen error comes from; its message may hold anything. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [error.name, ...places.slice(0, 5).map((line) => line.trim())].join(' ');
}
