import { reasonOf } from './runtime/failure';
import { NAMESPACE } from './reconcile/metrics';
import { notify } from './aws/notify';
import type { TaskEvent } from './runtime/tasks';
import type { Run } from './aws/run';

/** The subject of the notice, and the failed task by its properties. */
const FAILURES: Readonly<Record<string, readonly [string, (task: Record<string, unknown>) => string]>> = {
  'rotate-access-key': [
    'Datafold: the rotation of an access key failed',
    ({ properties }) =>
      `The rotation of the access key of IAM user ${String((properties as { userName?: unknown } | undefined)?.userName)}`,
  ],
  'renew-data-sources': [
    'Datafold: updating a data source failed',
    ({ dataSourceSecretArns }) =>
      `Writing the new key or password into ${Array.isArray(dataSourceSecretArns) ? dataSourceSecretArns.join(', ') : 'a data source'}`,
  ],
  reconcile: [
    'Datafold: the reconciliation of a server failed',
    ({ serverName }) => `The reconciliation of the server ${String(serverName)}`,
  ],
};

/** Notifies people of a failed task through the topic, besides log and metric. */
export async function reportFailure({ task, raw }: TaskEvent, run: Run, error: unknown): Promise<void> {
  if (!Object.hasOwn(FAILURES, task) || typeof raw.topicArn !== 'string') return;
  const [subject, what] = FAILURES[task];
  await notify(run, raw.topicArn, subject, `${what(raw)} failed. ${reasonOf(error)}`);
}

/**
 * Returns the metric of a finished task: 1 if it failed or needs attention, else 0.
 *
 * The dimensions are the function, and function and task; the constructs use the same (lib/private/functions/task-metric.ts).
 */
export function taskMetric(at: number, functionArn: string, task: string, failed: boolean): object {
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['Provisioner'], ['Provisioner', 'Task']],
          Metrics: [{ Name: 'TaskFailed', Unit: 'Count' }],
        },
      ],
    },
    Provisioner: functionArn.split(':')[6] ?? functionArn,
    Task: task,
    TaskFailed: failed ? 1 : 0,
  };
}
