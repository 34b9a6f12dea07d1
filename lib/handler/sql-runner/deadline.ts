import { SqlRunnerError } from './errors';

/** What a run needs of Lambda's context. */
export interface RunContext {
  getRemainingTimeInMillis?(): number;
  readonly awsRequestId?: string;
}

const WITHOUT_CONTEXT_MS = 300_000;
/** Kept back to give memberships back, commit and answer. */
const RESERVE = 15_000;

/** How much time a run has. What is not done when it is over is left to the next invocation. */
export class Deadline {
  private readonly reserve: number;
  private readonly left: () => number;

  constructor(context: RunContext = {}) {
    const end = Date.now() + WITHOUT_CONTEXT_MS;
    this.left = () => context.getRemainingTimeInMillis?.() ?? end - Date.now();
    this.reserve = Math.min(RESERVE, this.left() / 4);
  }

  /** Milliseconds until the run must answer. */
  remaining(): number {
    return Math.max(0, this.left());
  }

  /** Milliseconds until no new work may begin. */
  forWork(): number {
    return Math.max(0, this.left() - this.reserve);
  }

  /** True when no new work may begin. */
  isNear(): boolean {
    return this.forWork() === 0;
  }
}

/** No new work may begin: what is left is for another invocation. */
export class OutOfTime extends SqlRunnerError {
  constructor() {
    super('The invocation has no time left for it. Deploy again.', undefined, true);
  }
}
