import { passesInLambda } from './lambda-passing';
import { reasonOf } from './failure';
import type { StackReading } from './fence-rules';
import type { Continue } from './outcome';
import { pausedBy, retry } from './retry';
import type { Run } from './run';

const BACKOFF = { firstPauseMs: 1_000, maxPauseMs: 4_000 };

/** What an invocation leaves for the one that goes on with its work. */
export interface Continuation {
  /** When the first invocation began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** How many invocations came before. */
  readonly invocationCount: number;
  /** Whatever the resource wants to know again; no secret. */
  readonly state: unknown;
  /** How the first invocation found the stack; undefined where it could not be read. */
  readonly stack?: StackReading;
}

/** What the invocation before left in the event; a first one starts now. */
export function parseContinuation(event: unknown, now: number): Continuation {
  const { startedAt, invocationCount, state, stack } = ((event as { continuation?: unknown } | undefined)
    ?.continuation ?? {}) as Partial<Record<keyof Continuation, unknown>>;
  const begun = typeof startedAt === 'number' && startedAt <= now;
  return begun && typeof invocationCount === 'number'
    ? { startedAt, invocationCount, state, stack: stack as StackReading | undefined }
    : { startedAt: now, invocationCount: 0, state: undefined };
}

/** Leaves the rest of the work to another invocation of this function: the same event, with what has to be known there. */
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

/** The time to hand over is past, so it is the time that is kept for the answer which a busy Lambda is asked in. */
async function invokeWithRetry(run: Run, ownArn: string, payload: string): Promise<void> {
  await retry(
    pausedBy(run.clock),
    BACKOFF,
    () => run.aws.functions.send(ownArn, payload),
    (error, { pauseMs }) => passesInLambda(error) && run.timeToAnswer() > pauseMs,
  );
}
