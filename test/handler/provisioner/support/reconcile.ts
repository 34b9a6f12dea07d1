import type { ReconcileTask } from '../../../../lib/private/wire/tasks';
import { PROPERTIES } from './access';
import { STACK_ID } from './stack';
import type { TestEnvironment } from './test-environment';

/** A reconciliation with repair, of the access that `setUpAccess` creates. */
export function reconcileTask(more: Partial<ReconcileTask> = {}): ReconcileTask {
  return {
    datafoldTask: 'reconcile',
    stackId: STACK_ID,
    logicalResourceId: 'Access',
    properties: PROPERTIES,
    repair: 'true',
    serverName: 'shop',
    ...more,
  };
}

/** The findings in the log, without time and request. */
export function findingsIn({ log }: TestEnvironment): object[] {
  return log
    .filter(({ message }) => message === 'finding')
    .map(({ kind, finding, next }) => ({ kind, finding, next }));
}

/** The metrics of a run with so many differences, in which the role passed its test. */
export const drift = (count: number) =>
  expect.objectContaining({ Drift: count, VerificationFailed: 0 }) as object;

/** Whether the sql-runner logged in as the role. */
export const verifiedIn = ({ functions }: TestEnvironment) =>
  functions.requests.some(({ operation }) => operation === 'verify');
