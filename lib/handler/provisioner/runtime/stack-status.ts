import type { Stacks, StackState } from './stacks-ports';
import { hasCode } from './failure';
import { stackNameOf } from './physical-ids';

/** The status of a stack. Where the role may not describe the stack, its newest event says it. */
export async function statusOf(stacks: Stacks, stackId: string): Promise<string> {
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
