import { reasonOf } from './runtime/failure';
import { NAMESPACE } from './reconcile/metrics';
import { notify } from './aws/notify';
import type { TaskEvent } from './runtime/task';
import type { Run } from './aws/run';

/** Subject of the notice, and what failed, by the properties of the task. */
const FAILURES: Readonly<Record<string, readonly [string, (task: Record<string, unknown>) => string]>> = {
  'rotate-access-key': [
    'Datafold: the rotation of an access key failed',
    ({ properties }) => `The rotation of the access key of IAM user ${nameIn(properties, 'userName')}`,
  ],
  'renew-data-sources': [
    'Datafold: a data source does not follow its key or password',
    ({ dataSourceSecretArns }) =>
      `Bringing the new key or password into ${Array.isArray(dataSourceSecretArns) ? dataSourceSecretArns.join(', ') : 'a data source'}`,
  ],
  reconcile: [
    'Datafold: the look at a server failed',
    ({ serverName }) => `The look at the server ${String(serverName)}`,
  ],
};

/** Notifies people of a task that failed, where there is a topic; the log and the metric say so anyway. */
export async function reportFailure({ task, raw }: TaskEvent, run: Run, error: unknown): Promise<void> {
  if (!Object.hasOwn(FAILURES, task) || typeof raw.topicArn !== 'string') return;
  const [subject, what] = FAILURES[task];
  await notify(run, raw.topicArn, subject, `${what(raw)} failed. ${reasonOf(error)}`);
}

/**
 * The metric of a task that came to its end: 1 where it failed or a person must see to something, else 0.
 *
 * For the function as a whole, and for each task of it; the constructs name the same (lib/private/functions/task-metric.ts).
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

function nameIn(properties: unknown, name: string): string {
  return String((properties as Record<string, unknown> | undefined)?.[name]);
}
