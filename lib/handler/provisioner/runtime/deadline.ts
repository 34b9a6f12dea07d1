import { setTimeout as wait } from 'node:timers/promises';

/** Time that is reserved for the response to CloudFormation and its retries. */
const MAX_RESERVE_MS = 20_000;

/** The deadlines of an invocation: at the soft one the work continues in another invocation, at the hard one the response is sent. */
export class Deadline {
  /** Aborted at the soft deadline. */
  readonly softDeadline: AbortSignal;
  /** Milliseconds for the work, from the start. */
  readonly span: number;
  private readonly softDeadlineAt: number;
  private readonly answerBy: number;
  private readonly passed = new AbortController();
  private readonly stopped = new AbortController();

  constructor(
    private readonly clock: Clock,
    remaining: number,
  ) {
    const reserve = Math.min(MAX_RESERVE_MS, remaining / 5);
    this.answerBy = clock.now() + remaining - reserve;
    this.softDeadlineAt = this.answerBy - reserve;
    this.span = remaining - 2 * reserve;
    this.softDeadline = this.passed.signal;
    this.wait(this.softDeadlineAt).then(
      () => this.passed.abort(),
      () => undefined,
    );
  }

  /** Milliseconds until the soft deadline. */
  timeLeft(): number {
    return this.softDeadlineAt - this.clock.now();
  }

  /** Milliseconds until the hard deadline. */
  timeToAnswer(): number {
    return this.answerBy - this.clock.now();
  }

  /** Returns the result of the work, or of `late` at the hard deadline. */
  async race<T>(work: Promise<T>, late: () => T): Promise<T> {
    return Promise.race([work, this.wait(this.answerBy).then(late)]);
  }

  /** Stops the timers. */
  stop(): void {
    this.stopped.abort();
  }

  private async wait(until: number): Promise<void> {
    await this.clock.sleep(Math.max(0, until - this.clock.now()), this.stopped.signal);
  }
}

/** The clock, which tests replace. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};
