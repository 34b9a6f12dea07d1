import type { Stacks, StackState } from './stacks-ports';
import type { Clock } from './deadline';
import { Failure, hasCode, Superseded } from './failure';
import {
  refusalAtStart,
  supersession,
  taskRefusal,
  type FencedRequest,
  type StackReading,
} from './fence-rules';
import type { Log } from '../../log';
import { pausedBy, poll, retry, within, type Attempt } from './retry';
import { findStack } from './stack-status';

/** How long a reading is valid: too short for CloudFormation to request a rollback in between. */
const FRESH_MS = 2_000;
/** A younger request is carried out even if the stack can't be read: nothing had time to cancel the request. */
const UNCHECKED_MS = 120_000;
/** How long a throttled read of the stack is retried. */
const BUSY_WINDOW_MS = 60_000;
const BUSY_BACKOFF = { firstPauseMs: 1_000, maxPauseMs: BUSY_WINDOW_MS };
const BUSY = [
  'Throttling',
  'TooManyRequests',
  'ServiceUnavailable',
  'InternalFailure',
  'TimeoutError',
  'ECONNRESET',
];
/** A first reading against a request is repeated, since it may be a moment old. */
const CONFIRMATIONS = 3;
const CONFIRMATION_PAUSE_MS = 3_000;
/** How long and how often a scheduled task waits for the end of a deployment. */
const TASK_WAIT_MS = 5 * 60_000;
const TASK_PAUSE_MS = 20_000;

/** The next step for a stack whose rollback failed, which accepts no other operation. */
const CONTINUE_ROLLBACK =
  ' If the stack is UPDATE_ROLLBACK_FAILED, run aws cloudformation continue-update-rollback instead.';

/** Runs before each change: allows the change as long as CloudFormation waits for the request, the newest for its resource. */
abstract class Fence {
  private stop?: Superseded;
  private checkedAt = -Infinity;
  private running?: Promise<void>;

  constructor(
    protected readonly clock: Clock,
    protected readonly log: Log,
  ) {}

  /** Set after a refusal: no response is sent then. */
  get superseded(): Superseded | undefined {
    return this.stop;
  }

  /** Throws Superseded if changes are no longer allowed. */
  async check(): Promise<void> {
    if (this.stop) throw this.stop;
    if (this.clock.now() - this.checkedAt < FRESH_MS) return;
    await (this.running ??= this.ask().finally(() => (this.running = undefined)));
  }

  private async ask(): Promise<void> {
    const at = this.clock.now();
    const reason = await this.objection();
    if (reason !== undefined) throw this.refuse(reason);
    this.checkedAt = at;
  }

  protected refuse(reason: string): Superseded {
    return (this.stop = new Superseded(reason));
  }

  /** Returns why changes are not allowed; undefined if they are. */
  protected abstract objection(): Promise<string | undefined>;

  /** Retries a throttled read of CloudFormation. */
  protected async askUntilAnswered<T>(question: () => Promise<T>): Promise<T> {
    const isInTime = within(BUSY_WINDOW_MS);
    const isRetryable = (error: unknown, attempt: Attempt) => hasCode(error, ...BUSY) && isInTime(attempt);
    return retry(pausedBy(this.clock), BUSY_BACKOFF, question, isRetryable);
  }
}

/** The fence for a request of CloudFormation. */
export class RequestFence extends Fence {
  private isWarned = false;

  constructor(
    private readonly stacks: Stacks,
    private readonly request: FencedRequest & {
      readonly stackId: string;
      readonly logicalResourceId: string;
    },
    private reading: StackReading | undefined,
    clock: Clock,
    log: Log,
  ) {
    super(clock, log);
  }

  /** The stack as the first invocation for the request read it, for the invocations that continue. */
  get first(): StackReading | undefined {
    return this.reading;
  }

  protected override async objection(): Promise<string | undefined> {
    try {
      return await this.askUntilAnswered(async () => this.compare());
    } catch (error) {
      const { message } = error as Failure;
      if (this.clock.now() - this.request.sentAt >= UNCHECKED_MS)
        throw new Failure(
          `It is not known whether CloudFormation still waits for this request, so nothing more is changed. ${message}${CONTINUE_ROLLBACK}`,
        );
      if (!this.isWarned)
        this.log.warn('it is not known whether CloudFormation waits for the request', { error: message });
      this.isWarned = true;
      return undefined;
    }
  }

  private async compare(): Promise<string | undefined> {
    if (this.reading) return supersession(this.request, this.reading, await this.read());
    let reason: string | undefined;
    const check = async () => {
      const now = await this.read();
      reason = refusalAtStart(this.request, now);
      if (reason === undefined) this.reading = now;
      return reason === undefined ? true : undefined;
    };
    const pauses = { firstPauseMs: CONFIRMATION_PAUSE_MS };
    await poll(pausedBy(this.clock), pauses, check, ({ count }) => count <= CONFIRMATIONS);
    return reason;
  }

  private async read(): Promise<StackReading | undefined> {
    const { stackId, logicalResourceId } = this.request;
    const [stack, resource] = await Promise.all([
      findStack(this.stacks, stackId),
      this.stacks.findResource(stackId, logicalResourceId).catch((error: unknown) => {
        if (hasCode(error, 'AccessDenied')) return undefined; // the status of the stack is enough in most cases
        throw error;
      }),
    ]);
    return stack && { stack, resource };
  }
}

/** The fence for a scheduled task, which must not change anything while CloudFormation changes the stack. */
export class TaskFence extends Fence {
  private first?: StackState;

  constructor(
    private readonly stacks: Stacks,
    private readonly stackId: unknown,
    clock: Clock,
    log: Log,
  ) {
    super(clock, log);
  }

  /** Waits for the end of a deployment. Throws Superseded if the deployment takes too long. */
  async settle(): Promise<void> {
    if (typeof this.stackId !== 'string') return; // parsing the task reports what is missing
    const isInTime = within(TASK_WAIT_MS);
    let stack: StackState | undefined;
    let reason: string | undefined;
    const check = async () => {
      stack = await this.find();
      reason = taskRefusal(undefined, stack);
      return reason === undefined ? true : undefined;
    };
    const isRetryable = (attempt: Attempt) => {
      if (!stack?.status.endsWith('_IN_PROGRESS') || !isInTime(attempt)) return false;
      this.log.info('waiting for the end of the deployment', { status: stack.status });
      return true;
    };
    await poll(pausedBy(this.clock), { firstPauseMs: TASK_PAUSE_MS }, check, isRetryable);
    if (reason !== undefined) throw this.refuse(reason);
    this.first = stack;
  }

  protected override async objection(): Promise<string | undefined> {
    return taskRefusal(this.first, await this.find());
  }

  private async find(): Promise<StackState | undefined> {
    const { stackId } = this;
    if (typeof stackId !== 'string')
      throw new Failure('The task names no stack. Deploy constructs and provisioner of the same release.');
    return this.askUntilAnswered(async () => this.stacks.find(stackId));
  }
}

/** The fence for a task that may run during a deployment. */
export const NO_FENCE: Pick<TaskFence, 'check' | 'settle'> = {
  check: async () => undefined,
  settle: async () => undefined,
};
