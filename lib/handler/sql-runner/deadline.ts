/** What a run needs of Lambda's context. */
export interface RunContext {
  getRemainingTimeInMillis?(): number;
}

const WITHOUT_CONTEXT = 300_000;

/** How much time a run has. What is not done when it is over is left to the next invocation. */
export class Deadline {
  private readonly end: number;
  /** Kept back to give memberships back, commit and answer. */
  private readonly reserve: number;

  constructor(context: RunContext = {}) {
    const total = context.getRemainingTimeInMillis?.() ?? WITHOUT_CONTEXT;
    this.end = Date.now() + total;
    this.reserve = Math.min(15_000, total / 4);
  }

  /** Milliseconds until the run must answer. */
  remaining(): number {
    return Math.max(0, this.end - Date.now());
  }

  /** Milliseconds until no new work may begin. */
  forWork(): number {
    return Math.max(0, this.remaining() - this.reserve);
  }

  /** True when no new work may begin. */
  isNear(): boolean {
    return this.forWork() === 0;
  }
}
