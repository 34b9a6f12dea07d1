import { setTimeout as wait } from 'node:timers/promises';

/** Kept for the answer to CloudFormation, whose request may need repeating. */
const MAX_RESERVE_MS = 20_000;

/** The end of this invocation, seen early enough: first work is handed over, then whatever happens is answered. */
export class Deadline {
  /** Aborted when work should be handed over to the next invocation. */
  readonly softDeadline: AbortSignal;
  /** Milliseconds for work, from the start. */
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

  /** Milliseconds until work should be handed over. */
  timeLeft(): number {
    return this.softDeadlineAt - this.clock.now();
  }

  /** Milliseconds until whatever happens is answered. */
  timeToAnswer(): number {
    return this.answerBy - this.clock.now();
  }

  /** The result of the work, or of `late` when the work is not done in time. */
  async race<T>(work: Promise<T>, late: () => T): Promise<T> {
    return Promise.race([work, this.wait(this.answerBy).then(late)]);
  }

  /** Ends the timers. */
  stop(): void {
    this.stopped.abort();
  }

  private async wait(until: number): Promise<void> {
    await this.clock.sleep(Math.max(0, until - this.clock.now()), this.stopped.signal);
  }
}

/** Time, so that tests need not spend it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};
