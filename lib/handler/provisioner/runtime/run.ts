import type { Clock } from './deadline';
import type { Deadline } from './deadline';
import { Failure, PartiallyCreated, hasCode } from './failure';
import type { Log } from '../../log';
import { retry, type Attempt, type Backoff } from './retry';
import type { Stacks } from './stacks-ports';

/** New IAM policies take a while to be known everywhere. */
const POLICY_PROPAGATION_MS = 60_000;
/** How long a call is repeated that AWS is too busy for. */
const BUSY_WINDOW_MS = 5 * 60_000;
const MAX_PAUSE_MS = 10_000;
const CALL: Backoff = { firstPauseMs: 1_000, maxPauseMs: MAX_PAUSE_MS };
/** CloudFormation waits an hour; some of it is left for the answer. */
const MAX_WORK_MS = 50 * 60_000;
/** Long work that has less time than this is cut short. */
const MIN_WORK_MS = 120_000;
/** Lambda stops a function that calls itself 16 times in a row. */
const MAX_INVOCATIONS = 12;

/** What the framework itself asks of AWS. Every method fails with a Failure whose code is AWS's. */
export interface RuntimePorts {
  readonly stacks: Stacks;
  readonly functions: {
    /** Hands an event over to a function and does not wait. */
    send(name: string, payload: string): Promise<void>;
  };
}

/** The place of an invocation among all that work on the same resource. */
export interface Turn {
  readonly key: string;
  /** When the request was sent, in milliseconds since 1970. */
  readonly requestedAt: number;
  /** Which of the request: a later one is newer. */
  readonly invocation: number;
}

export interface RunParts<A extends RuntimePorts = RuntimePorts> {
  readonly aws: A;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadline: Deadline;
  /** Absent where nothing else can be under way: the calls of `aws` are fenced by it already. */
  readonly fence?: { check(): Promise<void> };
  /** What puts runs of other functions for the same resource in order. */
  readonly turn?: Pick<Turn, 'key' | 'requestedAt'>;
  /** When the first invocation for this event began. */
  readonly startedAt: number;
  readonly invocationCount: number;
  /** True where a denied call is repeated for a while: its policy may be new. */
  readonly retriesDenied: boolean;
  /** The stack that the work is for. */
  readonly stackId?: string;
  /** Whether CloudFormation says that what an id names is to be undone; absent where no event of it is handled. */
  readonly confirmed?: (run: Run, id: string) => Promise<boolean>;
}

/** One invocation: its means, its time, and what it is doing. */
export class Run<A extends RuntimePorts = RuntimePorts> {
  readonly aws: A;
  readonly clock: Clock;
  readonly log: Log;
  /** For the message if time runs out. */
  waitingFor = 'the start of the work';
  /** Under which id a Delete has something to take away, should a Create fail now. */
  partialId?: string;
  /** What stays if that Delete can't take it away either, and what a person does about it. */
  mayStay?: string;
  /** True where a person must see to something, or could not be notified: the metric of the tasks says so. */
  needsAttention = false;
  /** Runs of other functions that this invocation began, perhaps, and that never answered. */
  lostRuns = 0;
  private over = false;

  constructor(private readonly parts: RunParts<A>) {
    ({ aws: this.aws, clock: this.clock, log: this.log } = parts);
  }

  /** The stack that the work is for; empty where none is named. */
  get stackId(): string {
    return this.parts.stackId ?? '';
  }

  /** Aborted when work should be handed over. */
  get softDeadline(): AbortSignal {
    return this.parts.deadline.softDeadline;
  }

  /** True where CloudFormation says that what this id names is to be undone. */
  async isConfirmed(id: string): Promise<boolean> {
    return (await this.parts.confirmed?.(this, id)) === true;
  }

  /** A run that never answered may still be at work: the next one is a newer one. */
  get turn(): Turn | undefined {
    const { turn, invocationCount } = this.parts;
    return turn && { ...turn, invocation: invocationCount * 100 + this.lostRuns };
  }

  /** The text without the secrets of this run. */
  clean(text: string): string {
    return this.log.clean(text);
  }

  /** False near the end of the invocation: long work is then better begun in the next one. */
  get worthStarting(): boolean {
    const { deadline } = this.parts;
    return this.timeLeft() > Math.min(MIN_WORK_MS, deadline.span / 3);
  }

  /** Milliseconds until work should be handed over. */
  timeLeft(): number {
    return this.parts.deadline.timeLeft();
  }

  /** Milliseconds until the event is answered, whatever happens. */
  timeToAnswer(): number {
    return this.parts.deadline.timeToAnswer();
  }

  /** True when no further invocation may go on with the work. */
  get exhausted(): boolean {
    const { startedAt, invocationCount } = this.parts;
    return invocationCount >= MAX_INVOCATIONS || this.clock.now() - startedAt >= MAX_WORK_MS;
  }

  /** A failure for this reason, under the id of what is half made if anything is. */
  failure(reason: string): Failure {
    return this.partialId === undefined ? new Failure(reason) : new PartiallyCreated(this.partialId, reason);
  }

  /** Ends work that has not ended in time; `next` is what to do. */
  late(next: string): never {
    throw this.failure(
      `The work did not end before the function's time did; it was waiting for this: ${this.waitingFor}. Find out what holds it up${next}`,
    );
  }

  /** Lets no further step begin: the event is answered, whatever goes on in the background. */
  end(): void {
    this.over = true;
  }

  /** Throws a Superseded where nothing may be changed any more; the calls of `aws` see to it themselves. */
  async checkFence(): Promise<void> {
    await this.parts.fence?.check();
  }

  /** One step of the work: named while it runs, logged when it ends. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.over) throw new Failure('The event has been answered already.');
    this.waitingFor = what;
    const from = this.clock.now();
    try {
      const result = await work();
      this.log.info(what, { outcome: 'done', durationMs: this.clock.now() - from });
      return result;
    } catch (error) {
      const { name, message } = error as Error;
      const said = error instanceof Failure ? { code: error.code, error: message } : { error: name };
      this.log.warn(what, { outcome: 'failed', durationMs: this.clock.now() - from, ...said });
      throw error;
    }
  }

  /** A step that calls AWS: repeated while AWS is busy and while a new policy is on its way. */
  async call<T>(what: string, work: () => Promise<T>, alsoRetry: readonly string[] = []): Promise<T> {
    return this.step(what, async () => {
      const isRetryable = (error: unknown, { elapsedMs, pauseMs }: Attempt) =>
        this.mayPass(error, elapsedMs, alsoRetry) && this.timeLeft() >= pauseMs;
      return retry(this, CALL, work, isRetryable);
    });
  }

  /** True where AWS is busy and this invocation has no time to ask it again: another one can. */
  isCutShort(error: unknown): boolean {
    return isTransient(error) && this.timeLeft() < MAX_PAUSE_MS;
  }

  /** Waits, but not beyond the time to hand over. */
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
