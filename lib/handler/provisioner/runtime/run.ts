import type { Clock } from './deadline';
import type { Deadline } from './deadline';
import { Failure, PartiallyCreated, hasCode } from './failure';
import type { Log } from '../../log';
import { retry, type Attempt, type Backoff } from './retry';
import type { Stacks } from './stacks-ports';

/** How long a new IAM policy may take to propagate. */
const POLICY_PROPAGATION_MS = 60_000;
/** How long a throttled call is retried. */
const BUSY_WINDOW_MS = 5 * 60_000;
const MAX_PAUSE_MS = 10_000;
const CALL: Backoff = { firstPauseMs: 1_000, maxPauseMs: MAX_PAUSE_MS };
/** CloudFormation waits an hour; the rest is reserved for the response. */
const MAX_WORK_MS = 50 * 60_000;
/** Long work is not started with less time than this. */
const MIN_WORK_MS = 120_000;
/** Lambda stops a function that calls itself 16 times in a row. */
const MAX_INVOCATIONS = 12;

/** The AWS calls of the framework. Every method throws Failure with the code of AWS. */
export interface RuntimePorts {
  readonly stacks: Stacks;
  readonly functions: {
    /** Invokes a function asynchronously. */
    send(name: string, payload: string): Promise<void>;
  };
}

/** The order of an invocation among all invocations for one resource. */
export interface Turn {
  readonly key: string;
  /** When the request was sent, in milliseconds since 1970. */
  readonly requestedAt: number;
  /** The number of the invocation for the request: a higher one is newer. */
  readonly invocation: number;
}

/** What one invocation works with. */
export interface RunParts<A extends RuntimePorts = RuntimePorts> {
  readonly aws: A;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadline: Deadline;
  /** Undefined if nothing can run in parallel. The calls of `aws` already check the fence. */
  readonly fence?: { check(): Promise<void> };
  /** The order of runs of other functions for the same resource. */
  readonly turn?: Pick<Turn, 'key' | 'requestedAt'>;
  /** The start of the first invocation for the event. */
  readonly startedAt: number;
  readonly invocationCount: number;
  /** True if denied calls are retried for a while, since the policy may be new. */
  readonly retriesDenied: boolean;
  /** The stack of the request. */
  readonly stackId?: string;
  /** Returns whether CloudFormation confirms that the target of an id must be reverted; undefined outside of an event. */
  readonly confirmed?: (run: Run, id: string) => Promise<boolean>;
}

/** One invocation: its ports, its deadlines and its current step. */
export class Run<A extends RuntimePorts = RuntimePorts> {
  readonly aws: A;
  readonly clock: Clock;
  readonly log: Log;
  /** What the work waits for, for the message of a timeout. */
  waitingFor = 'the start of the work';
  /** The physical id under which a Delete must revert changes if the Create fails now. */
  partialId?: string;
  /** What remains if that Delete fails too, and the next step for a person. */
  mayStay?: string;
  /** True if a person must act or could not be notified; shown by the metric of the tasks. */
  needsAttention = false;
  /** Runs of other functions that this invocation may have started and that sent no response. */
  lostRuns = 0;
  private over = false;

  constructor(private readonly parts: RunParts<A>) {
    ({ aws: this.aws, clock: this.clock, log: this.log } = parts);
  }

  /** The stack of the request; empty if none is named. */
  get stackId(): string | undefined {
    return this.parts.stackId;
  }

  /** Aborted at the soft deadline. */
  get softDeadline(): AbortSignal {
    return this.parts.deadline.softDeadline;
  }

  /** Returns true if CloudFormation confirms that the target of the id must be reverted. */
  async isConfirmed(id: string): Promise<boolean> {
    return (await this.parts.confirmed?.(this, id)) === true;
  }

  /** Counts a run without a response, which may still be active: the next run is newer. */
  get turn(): Turn | undefined {
    const { turn, invocationCount } = this.parts;
    return turn && { ...turn, invocation: invocationCount * 100 + this.lostRuns };
  }

  /** Returns the text without the secrets of the run. */
  clean(text: string): string {
    return this.log.clean(text);
  }

  /** False near the end of the invocation, when long work should start in the next one. */
  get worthStarting(): boolean {
    const { deadline } = this.parts;
    return this.timeLeft() > Math.min(MIN_WORK_MS, deadline.span / 3);
  }

  /** Milliseconds until the soft deadline. */
  timeLeft(): number {
    return this.parts.deadline.timeLeft();
  }

  /** Milliseconds until the hard deadline. */
  timeToAnswer(): number {
    return this.parts.deadline.timeToAnswer();
  }

  /** True if no further invocation may continue the work. */
  get exhausted(): boolean {
    const { startedAt, invocationCount } = this.parts;
    return invocationCount >= MAX_INVOCATIONS || this.clock.now() - startedAt >= MAX_WORK_MS;
  }

  /** Returns a failure for the reason, with the partial id if a Create has made changes. */
  failure(reason: string): Failure {
    return this.partialId === undefined ? new Failure(reason) : new PartiallyCreated(this.partialId, reason);
  }

  /** Ends work that did not end in time; `next` is the next step. */
  late(next: string): never {
    throw this.failure(
      `The work did not end before the function's timeout; it was waiting for this: ${this.waitingFor}. Find the cause of the delay${next}`,
    );
  }

  /** Prevents further steps: the response is sent, although calls may still run in the background. */
  end(): void {
    this.over = true;
  }

  /** Throws Superseded if changes are no longer allowed. The calls of `aws` check that themselves. */
  async checkFence(): Promise<void> {
    await this.parts.fence?.check();
  }

  /** Runs a step of the work and logs its end. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.over) throw new Failure('The response has already been sent.');
    this.waitingFor = what;
    const from = this.clock.now();
    try {
      const result = await work();
      this.log.info(what, { outcome: 'done', durationMs: this.clock.now() - from });
      return result;
    } catch (error) {
      const { name, message } = error as Error;
      const reported = error instanceof Failure ? { code: error.code, error: message } : { error: name };
      this.log.warn(what, { outcome: 'failed', durationMs: this.clock.now() - from, ...reported });
      throw error;
    }
  }

  /** Runs a step that calls AWS, with retries for throttling and for new policies. */
  async call<T>(what: string, work: () => Promise<T>, alsoRetry: readonly string[] = []): Promise<T> {
    return this.step(what, async () => {
      const isRetryable = (error: unknown, { elapsedMs, pauseMs }: Attempt) =>
        this.mayPass(error, elapsedMs, alsoRetry) && this.timeLeft() >= pauseMs;
      return retry(this, CALL, work, isRetryable);
    });
  }

  /** True if AWS throttles and this invocation has no time for a retry: another one continues. */
  isCutShort(error: unknown): boolean {
    return isTransient(error) && this.timeLeft() < MAX_PAUSE_MS;
  }

  /** Waits, but not beyond the soft deadline. */
  async pause(milliseconds: number): Promise<void> {
    await this.clock.sleep(milliseconds, this.softDeadline).catch(() => undefined);
  }

  private mayPass(error: unknown, elapsedMs: number, alsoRetry: readonly string[]): boolean {
    if (isTransient(error)) return elapsedMs < BUSY_WINDOW_MS;
    const sinceStart = this.clock.now() - this.parts.startedAt;
    return (
      this.parts.retriesDenied &&
      sinceStart < POLICY_PROPAGATION_MS &&
      hasCode(error, 'AccessDenied', ...alsoRetry)
    );
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof Failure && error.isTransient;
}
