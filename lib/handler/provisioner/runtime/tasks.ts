import type { ScheduledTask } from '../../../private/wire/tasks';
import { fenced } from '../aws/fenced';
import { rememberSecrets } from '../aws/remember';
import { Deadline } from './deadline';
import { Failure, reasonOf, Superseded } from './failure';
import { TaskFence } from './fence';
import { Log } from './log';
import { ContinueLater } from './outcome';
import { parseContinuation } from './event';
import { passOn } from './continuation';
import { ownerKey } from './physical-ids';
import { assertPinnedTask } from '../pinned';
import { pinsIn } from '../pins';
import type { Invocation, World } from './provision';
import { reconcile, reportDeferred } from '../reconcile';
import { Redactor } from './redactor';
import { renewConnectionsTask } from '../key-rotation/renew-connections';
import { rotateAccessKey } from '../key-rotation/rotate-access-key';
import { Run } from './run';
import { reportFailure, taskMetric } from '../task-report';

/** One kind of work that EventBridge asks for. It reports by its log and its metrics: nobody waits for an answer. */
export type Task = (event: TaskEvent, run: Run, state: unknown) => Promise<ContinueLater | undefined>;

/** A task as it arrived. */
export interface TaskEvent extends Pick<ScheduledTask, 'datafoldTask' | 'logicalResourceId'> {
  readonly raw: Readonly<Record<string, unknown>>;
}

const TASKS: Partial<Record<ScheduledTask['datafoldTask'], Task>> = {
  'rotate-access-key': rotateAccessKey,
  'renew-data-sources': renewConnectionsTask,
  reconcile,
};

/** The task that an event asks for; undefined for an event of CloudFormation. */
export function parseTask(event: unknown): TaskEvent | undefined {
  const raw = (event ?? {}) as Record<string, unknown>;
  if (typeof raw.datafoldTask !== 'string') return undefined;
  const { datafoldTask, logicalResourceId } = raw;
  return {
    datafoldTask: datafoldTask as ScheduledTask['datafoldTask'],
    logicalResourceId: typeof logicalResourceId === 'string' ? logicalResourceId : '',
    raw,
  };
}

/** Does what a schedule asks for, or leaves the rest to another invocation. Never throws: Lambda would repeat it. */
export async function runTask(
  event: TaskEvent,
  invocation: Invocation,
  world: World,
  tasks: Readonly<Record<string, Task>> = TASKS,
): Promise<void> {
  const { clock } = world;
  const pins = pinsIn(world);
  const { datafoldTask: task, logicalResourceId, raw } = event;
  const continuation = parseContinuation(raw, clock.now());
  const { startedAt, round, state } = continuation;
  const redactor = new Redactor();
  const log = new Log({ task, logicalResourceId, round }, redactor, world.write);
  const deadline = new Deadline(clock, invocation.getRemainingTimeInMillis());
  const fence = new TaskFence(world.aws.stacks, raw.stackId, clock, log);
  const aws = rememberSecrets(
    fenced(world.aws, () => fence.check()),
    redactor,
  );
  const turn = { key: ownerKey(String(raw.stackId), logicalResourceId), requestedAt: 0 };
  const parts = {
    aws,
    clock,
    log,
    deadline,
    fence,
    turn,
    startedAt,
    round,
    patient: false,
    stackId: stackOf(raw),
  };
  const run = new Run(parts);
  const ended = (failed: boolean) =>
    log.metrics(taskMetric(clock.now(), invocation.invokedFunctionArn, task, failed));
  try {
    if (pins) assertPinnedTask(event, pins);
    const work = fence
      .settle()
      .then(async () => (Object.hasOwn(tasks, task) ? tasks[task](event, run, state) : unknownTask(task)));
    const late = () => run.late('; the schedule starts it again.');
    const outcome = await deadline.race(work, late);
    if (!(outcome instanceof ContinueLater)) return ended(run.needsAttention);
    if (run.exhausted) late();
    await passOn(run, invocation.invokedFunctionArn, raw, continuation, outcome);
  } catch (error) {
    if (error instanceof Superseded && error.passes) {
      defer(event, run, error);
      return ended(false);
    }
    log.warn('the task failed', { error: reasonOf(error) });
    ended(true);
    run.end(); // what hangs goes no further; the report is a run of its own
    await reportFailure(new Run(parts), task, raw, error);
  } finally {
    deadline.stop();
    run.end();
  }
}

/** A deployment comes to its end: nobody has to know. */
function defer(event: TaskEvent, run: Run, { reason }: Superseded): void {
  run.log.info('left to the next schedule', { reason });
  if (event.datafoldTask === 'reconcile') reportDeferred(event, run);
}

function stackOf({ stackId }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof stackId === 'string' ? stackId : undefined;
}

function unknownTask(task: string): never {
  throw new Failure(
    `The provisioner does not know the task ${task}. Deploy constructs and provisioner of the same release.`,
  );
}
