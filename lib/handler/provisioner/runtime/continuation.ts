import { passesInLambda } from './lambda-passing';
import { reasonOf } from './failure';
import type { StackReading } from './fence-rules';
import type { Continue } from './outcome';
import { pausedBy, retry } from './retry';
import type { Run } from './run';

const BACKOFF = { firstPauseMs: 1_000, maxPauseMs: 4_000 };

/** The state for the invocation that continues the work. */
export interface Continuation {
  /** When the first invocation began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** The number of earlier invocations. */
  readonly invocationCount: number;
  /** The state of the resource; no secrets. */
  readonly state: unknown;
  /** The stack as the first invocation read it; undefined if it could not be read. */
  readonly stack?: StackReading;
}

/** Returns the state that the previous invocation left in the event; a first invocation starts now. */
export function parseContinuation(event: unknown, now: number): Continuation {
  const { startedAt, invocationCount, state, stack } = ((event as { continuation?: unknown } | undefined)
    ?.continuation ?? {}) as Partial<Record<keyof Continuation, unknown>>;
  const begun = typeof startedAt === 'number' && startedAt <= now;
  return begun && typeof invocationCount === 'number'
    ? { startedAt, invocationCount, state, stack: stack as StackReading | undefined }
    : { startedAt: now, invocationCount: 0, state: undefined };
}

/** Invokes this function again with the event and the state, to continue the work. */
export async function invokeContinuation(
  run: Run,
  ownArn: string,
  raw: unknown,
  { startedAt, invocationCount }: Continuation,
  { state }: Continue,
  stack?: StackReading,
): Promise<void> {
  const continuation: Continuation = { startedAt, invocationCount: invocationCount + 1, state, stack };
  const payload = JSON.stringify({ ...(raw as object), continuation });
  await run
    .step(`${run.waitingFor} (in another invocation)`, async () => invokeWithRetry(run, ownArn, payload))
    .catch((error: unknown) => {
      throw run.partialId === undefined ? error : run.failure(reasonOf(error));
    });
}

/** Retries while Lambda is busy, in the time that is reserved for the response, since the soft deadline is over. */
async function invokeWithRetry(run: Run, ownArn: string, payload: string): Promise<void> {
  await retry(
    pausedBy(run.clock),
    BACKOFF,
    () => run.aws.functions.send(ownArn, payload),
    (error, { pauseMs }) => passesInLambda(error) && run.timeToAnswer() > pauseMs,
  );
}
