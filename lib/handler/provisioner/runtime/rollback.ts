import type { Run } from './run';
import { statusOf } from './stack-status';

/** True while CloudFormation brings a stack back to what it was. No event says so, only the stack does. */
export async function isRollingBack(run: Run, stackId: string): Promise<boolean> {
  return isRollback(await statusOrNone(run, stackId));
}

/** True while the whole stack goes, not one resource of it. */
export async function isBeingDeleted(run: Run, stackId: string): Promise<boolean> {
  return (await statusOrNone(run, stackId)) === 'DELETE_IN_PROGRESS';
}

/** True while a first deployment that failed is taken back. */
export async function isCreationRolledBack(run: Run, stackId: string): Promise<boolean> {
  return (await statusOrNone(run, stackId)) === 'ROLLBACK_IN_PROGRESS';
}

export function isRollback(status: string): boolean {
  return status.endsWith('ROLLBACK_IN_PROGRESS');
}

/** The status of the stack; fails where nobody may ask for it. */
export async function stackStatus(run: Run, stackId: string): Promise<string> {
  return run.call('status of the stack', () => statusOf(run.aws.stacks, stackId));
}

async function statusOrNone(run: Run, stackId: string): Promise<string> {
  return stackStatus(run, stackId).catch(() => ''); // in the log, as the step that it was
}
