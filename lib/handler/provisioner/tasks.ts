import type { ScheduledTask } from '../../private/wire/tasks';
import type { AwsPorts } from './aws/ports';
import { renewDataSourcesTask } from './key-rotation/renew-data-sources';
import { rotateAccessKey } from './key-rotation/rotate-access-key';
import { assertPinnedTask } from './pinned';
import { pinsIn } from './pins';
import { hostIn, type Surroundings } from './provision';
import { registerTargets } from './private-link/register-targets';
import { reconcile, reportDeferred } from './reconcile';
import type { Invocation } from './runtime/provision';
import { type Task, type TaskEvent, runTask as runTaskOn } from './runtime/tasks';
import { reportFailure, taskMetric } from './task-report';

/** Tasks by name. */
export type Tasks = Readonly<Record<string, Task<AwsPorts>>>;

const TASKS: Readonly<Record<ScheduledTask['datafoldTask'], Task<AwsPorts>>> = {
  'rotate-access-key': rotateAccessKey,
  'renew-data-sources': renewDataSourcesTask,
  reconcile,
  'register-targets': registerTargets,
};

/** Parses a task; undefined for an event of CloudFormation. */
export function parseTask(event: unknown): TaskEvent | undefined {
  const raw = (event ?? {}) as Record<string, unknown>;
  const { datafoldTask: task, logicalResourceId } = raw;
  if (typeof task !== 'string') return undefined;
  return { task, raw, ...(typeof logicalResourceId === 'string' && { logicalResourceId }) };
}

/** Runs a scheduled task. Never throws, since Lambda would retry. */
export async function runTask(
  event: TaskEvent,
  invocation: Invocation,
  surroundings: Surroundings,
  tasks: Tasks = TASKS,
): Promise<void> {
  const pins = pinsIn(surroundings);
  await runTaskOn(event, invocation, {
    ...hostIn(surroundings),
    tasks,
    // A failover does not wait for a deployment.
    runsDuringDeployments: (task) => task === 'register-targets',
    assertAllowed: (asked) => pins && assertPinnedTask(asked, pins),
    metric: taskMetric,
    reportFailure,
    reportDeferred: (deferred, run) => {
      if (deferred.task === 'reconcile') reportDeferred(deferred, run);
    },
  });
}
