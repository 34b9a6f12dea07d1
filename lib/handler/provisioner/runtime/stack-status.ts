import { hasCode } from './failure';
import { stackNameOf } from './physical-ids';
import type { Run } from './run';
import type { Stacks, StackState } from './stacks-ports';

/** True while CloudFormation rolls back a stack, which only the status of the stack shows. */
export async function isRollingBack(run: Run, stackId: string): Promise<boolean> {
  return isRollback(await statusOrNone(run, stackId));
}

/** True while the whole stack is being deleted, not only one resource. */
export async function isBeingDeleted(run: Run, stackId: string): Promise<boolean> {
  return (await statusOrNone(run, stackId)) === 'DELETE_IN_PROGRESS';
}

/** True while a failed first deployment is rolled back. */
export async function isCreationRolledBack(run: Run, stackId: string): Promise<boolean> {
  return (await statusOrNone(run, stackId)) === 'ROLLBACK_IN_PROGRESS';
}

/** True for the status of a stack that is being rolled back. */
export function isRollback(status: string): boolean {
  return status.endsWith('ROLLBACK_IN_PROGRESS');
}

/** Reads the status of the stack. Fails without the permission. */
export async function stackStatus(run: Run, stackId: string): Promise<string> {
  return run.call('status of the stack', () => statusOf(run.aws.stacks, stackId));
}

async function statusOrNone(run: Run, stackId: string): Promise<string> {
  return stackStatus(run, stackId).catch(() => ''); // the step is in the log
}

/** Reads the status of a stack, from its newest event if the role may not describe the stack. */
async function statusOf(stacks: Stacks, stackId: string): Promise<string> {
  return stacks.status(stackId).catch(async (error: unknown) => byNewestEvent(stacks, stackId, error));
}

/** Reads the status with the time of the last change, which events do not have. */
export async function findStack(stacks: Stacks, stackId: string): Promise<StackState | undefined> {
  return stacks.find(stackId).catch(async (error: unknown) => ({
    status: await byNewestEvent(stacks, stackId, error),
  }));
}

/**
 * Reads the status from the events, in which the stack is a resource: its name is the logical id, its id the physical id. Newest first
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html).
 */
async function byNewestEvent(stacks: Stacks, stackId: string, error: unknown): Promise<string> {
  if (!hasCode(error, 'AccessDenied')) throw error;
  const status = await stacks.resourceStatus(stackId, stackNameOf(stackId), stackId).catch(() => undefined);
  if (status === undefined) throw error;
  return status;
}
