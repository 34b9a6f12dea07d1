import { invokeContinuation, parseContinuation } from './continuation';
import { Deadline } from './deadline';
import { Failure, reasonOf, Superseded } from './failure';
import { NO_FENCE, TaskFence } from './fence';
import { Redactor } from '../../log';
import { Continue } from './outcome';
import { ownerKey } from './physical-ids';
import { logOf, type Host, type Invocation } from './provision';
import { Run, type RuntimePorts } from './run';

/** A scheduled task of EventBridge, which reports by log and metrics. */
export type Task<A extends RuntimePorts = RuntimePorts> = (
  event: TaskEvent,
  run: Run<A>,
  state: unknown,
) => Promise<Continue | undefined>;

/** The event of a task. */
export interface TaskEvent {
  readonly task: string;
  /** The custom resource of the task, which has the same owner key. Absent in an event that parsing refuses. */
  readonly logicalResourceId?: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The environment of the function, with the tasks. */
export interface TaskHost<A extends RuntimePorts> extends Host<A> {
  readonly tasks: Readonly<Record<string, Task<A>>>;
  /** True for a task that does not wait for the end of a deployment. */
  runsDuringDeployments(task: string): boolean;
  /** Throws Failure for an event that this function must not handle. */
  assertAllowed(event: TaskEvent): void;
  /** Returns the log line from which CloudWatch creates the metric of a finished task. */
  metric(at: number, functionArn: string, task: string, failed: boolean): object;
  /** Notifies people of a task that failed. */
  reportFailure(event: TaskEvent, run: Run<A>, error: unknown): Promise<void>;
  /** Called for a task that is left to the next schedule because of a deployment. */
  reportDeferred(event: TaskEvent, run: Run<A>): void;
}

/** Runs a scheduled task, or continues it in another invocation. Never throws, since Lambda would retry. */
export async function runTask<A extends RuntimePorts>(
  event: TaskEvent,
  invocation: Invocation,
  host: TaskHost<A>,
): Promise<void> {
  const { clock, tasks } = host;
  const { task, logicalResourceId, raw } = event;
  const continuation = parseContinuation(raw, clock.now());
  const { startedAt, invocationCount, state } = continuation;
  const redactor = new Redactor();
  const log = logOf(host, invocation, redactor, { task, logicalResourceId, invocationCount });
  const deadline = new Deadline(clock, invocation.getRemainingTimeInMillis());
  const fence = host.runsDuringDeployments(task)
    ? NO_FENCE
    : new TaskFence(host.aws.stacks, raw.stackId, clock, log);
  const parts = {
    aws: host.protect(host.aws, () => fence.check(), redactor),
    clock,
    log,
    deadline,
    fence,
    ...(logicalResourceId !== undefined && {
      turn: { key: ownerKey(String(raw.stackId), logicalResourceId), requestedAt: 0 },
    }),
    startedAt,
    invocationCount,
    retriesDenied: false,
    stackId: stackOf(raw),
  };
  const run = new Run(parts);
  const ended = (failed: boolean) =>
    log.metrics(host.metric(clock.now(), invocation.invokedFunctionArn, task, failed));
  try {
    host.assertAllowed(event);
    const work = fence
      .settle()
      .then(async () => (Object.hasOwn(tasks, task) ? tasks[task](event, run, state) : unknownTask(task)));
    const late = () => run.late('; the schedule starts it again.');
    const outcome = await deadline.race(work, late);
    if (!(outcome instanceof Continue)) return ended(run.needsAttention);
    if (run.exhausted) late();
    await invokeContinuation(run, invocation.invokedFunctionArn, raw, continuation, outcome);
  } catch (error) {
    if (error instanceof Superseded && error.passes) {
      run.log.info('left to the next schedule', { reason: error.reason }); // a deployment ends by itself
      host.reportDeferred(event, run);
      return ended(false);
    }
    log.warn('the task failed', { error: reasonOf(error) });
    ended(true);
    run.end(); // prevents further steps; the report is a run of its own
    await host.reportFailure(event, new Run(parts), error);
  } finally {
    deadline.stop();
    run.end();
  }
}

function stackOf({ stackId }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof stackId === 'string' ? stackId : undefined;
}

function unknownTask(task: string): never {
  throw new Failure(
    `The provisioner does not know the task ${task}. Deploy constructs and provisioner of the same release.`,
  );
}
