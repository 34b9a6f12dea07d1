import { SqlRunnerError } from './errors';

/** The part of the Lambda context that a run uses. */
export interface RunContext {
  getRemainingTimeInMillis?(): number;
  readonly awsRequestId?: string;
}

const DEFAULT_TIME_MS = 300_000;
/** Time to restore memberships, commit and respond. */
const RESERVE_MS = 15_000;

/** The time limit of a run. The next invocation continues the remaining work. */
export class Deadline {
  private readonly reserve: number;
  private readonly left: () => number;

  constructor(context: RunContext = {}) {
    const end = Date.now() + DEFAULT_TIME_MS;
    this.left = () => context.getRemainingTimeInMillis?.() ?? end - Date.now();
    this.reserve = Math.min(RESERVE_MS, this.left() / 4);
  }

  /** Milliseconds until the run must respond. */
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

/** No new work may begin in this invocation. */
export class OutOfTime extends SqlRunnerError {
  constructor() {
    super('The invocation ran out of time. Deploy again.', undefined, true);
  }

  override get kind() {
    return 'timeout' as const;
  }
}
