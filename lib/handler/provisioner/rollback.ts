import type { Run } from './run';

/** True while CloudFormation brings a stack back to what it was. No event says so, only the stack does. */
export async function isRollingBack(run: Run, stackId: string): Promise<boolean> {
  return (await statusOf(run, stackId)).endsWith('ROLLBACK_IN_PROGRESS');
}

/** True while the whole stack goes, not one resource of it. */
export async function isBeingDeleted(run: Run, stackId: string): Promise<boolean> {
  return (await statusOf(run, stackId)) === 'DELETE_IN_PROGRESS';
}

async function statusOf(run: Run, stackId: string): Promise<string> {
  try {
    return await run.call('status of the stack', () => run.aws.stacks.status(stackId));
  } catch {
    return ''; // in the log, as the step that it was
  }
}
