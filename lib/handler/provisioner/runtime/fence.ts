import type { Stacks, StackState } from './stacks-ports';
import type { Clock } from './deadline';
import { Failure, hasCode, Superseded } from './failure';
import { lateness, supersession, taskRefusal, type FencedRequest, type StackReading } from './fence-rules';
import type { Log } from '../../log';
import { pausedBy, poll, retry, within, type Attempt } from './retry';
import { findStack } from './stack-status';

/** How long a reading counts: short, so that CloudFormation has not yet asked for the way back when it is out of date. */
const FRESH_MS = 2_000;
/** A request that is younger is carried out even if nobody can say whether it is waited for: nothing had time to cancel it. */
const UNCHECKED_MS = 120_000;
/** How long CloudFormation may be too busy to say it. */
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
/** What the first reading says against a request is read again: it may be a moment behind. */
const CONFIRMATIONS = 3;
const CONFIRMATION_PAUSE_MS = 3_000;
/** How long a scheduled task waits for the end of a deployment, and how often it asks. */
const TASK_WAIT_MS = 5 * 60_000;
const TASK_PAUSE_MS = 20_000;

/** A stack that could not be rolled back for this takes no other operation. */
const CONTINUE_ROLLBACK =
  ' If the stack is UPDATE_ROLLBACK_FAILED, run aws cloudformation continue-update-rollback instead.';

/** Stands before each change: lets it through as long as the request is the newest for its resource and is waited for. */
abstract class Fence {
  private stop?: Superseded;
  private checkedAt = -Infinity;
  private running?: Promise<void>;

  constructor(
    protected readonly clock: Clock,
    protected readonly log: Log,
  ) {}

  /** Set once something was refused: nothing is to be answered then. */
  get superseded(): Superseded | undefined {
    return this.stop;
  }

  /** Throws a Superseded where nothing may be changed any more. */
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

  /** Why nothing may be changed; undefined where it may. */
  protected abstract objection(): Promise<string | undefined>;

  /** Repeats a question that CloudFormation is too busy for. */
  protected async askUntilAnswered<T>(question: () => Promise<T>): Promise<T> {
    const isInTime = within(BUSY_WINDOW_MS);
    const isRetryable = (error: unknown, attempt: Attempt) => hasCode(error, ...BUSY) && isInTime(attempt);
    return retry(pausedBy(this.clock), BUSY_BACKOFF, question, isRetryable);
  }
}

/** For a request of CloudFormation. */
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

  /** How the first invocation for the request found the stack: for those that go on with its work. */
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
    const look = async () => {
      const now = await this.read();
      reason = lateness(this.request, now);
      if (reason === undefined) this.reading = now;
      return reason === undefined ? true : undefined;
    };
    const pauses = { firstPauseMs: CONFIRMATION_PAUSE_MS };
    await poll(pausedBy(this.clock), pauses, look, ({ count }) => count <= CONFIRMATIONS);
    return reason;
  }

  private async read(): Promise<StackReading | undefined> {
    const { stackId, logicalResourceId } = this.request;
    const [stack, resource] = await Promise.all([
      findStack(this.stacks, stackId),
      this.stacks.findResource(stackId, logicalResourceId).catch((error: unknown) => {
        if (hasCode(error, 'AccessDenied')) return undefined; // the stack says enough in most cases
        throw error;
      }),
    ]);
    return stack && { stack, resource };
  }
}

/** For a scheduled task: it must not change anything while CloudFormation changes the stack. */
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

  /** Waits a while for the end of a deployment; throws a Superseded where it goes on. */
  async settle(): Promise<void> {
    if (typeof this.stackId !== 'string') return; // what the task lacks is reported when it is parsed
    const isInTime = within(TASK_WAIT_MS);
    let stack: StackState | undefined;
    let reason: string | undefined;
    const look = async () => {
      stack = await this.find();
      reason = taskRefusal(undefined, stack);
      return reason === undefined ? true : undefined;
    };
    const goOn = (attempt: Attempt) => {
      if (!stack?.status.endsWith('_IN_PROGRESS') || !isInTime(attempt)) return false;
      this.log.info('waiting for the end of the deployment', { status: stack.status });
      return true;
    };
    await poll(pausedBy(this.clock), { firstPauseMs: TASK_PAUSE_MS }, look, goOn);
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

/** For a task that may run beside a deployment. */
export const NO_FENCE: Pick<TaskFence, 'check' | 'settle'> = {
  check: async () => undefined,
  settle: async () => undefined,
};
