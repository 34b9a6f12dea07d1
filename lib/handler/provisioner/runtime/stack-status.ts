import { hasCode } from './failure';
import { stackNameOf } from './physical-ids';
import type { Run } from './run';
import type { Stacks, StackState } from './stacks-ports';

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

/** The status of a stack. Where the role may not describe the stack, its newest event says it. */
async function statusOf(stacks: Stacks, stackId: string): Promise<string> {
  return stacks.status(stackId).catch(async (error: unknown) => byNewestEvent(stacks, stackId, error));
}

/** The same with the time of the last change, which no event says. */
export async function findStack(stacks: Stacks, stackId: string): Promise<StackState | undefined> {
  return stacks.find(stackId).catch(async (error: unknown) => ({
    status: await byNewestEvent(stacks, stackId, error),
  }));
}

/**
 * In the events of a stack it is a resource too: its logical id is its name, its physical id the stack's. They come newest first
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html).
 */
async function byNewestEvent(stacks: Stacks, stackId: string, error: unknown): Promise<string> {
  if (!hasCode(error, 'AccessDenied')) throw error;
  const status = await stacks.resourceStatus(stackId, stackNameOf(stackId), stackId).catch(() => undefined);
  if (status === undefined) throw error;
  return status;
}
