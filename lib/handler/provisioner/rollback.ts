import type { Run } from './run';

/** True while CloudFormation brings a stack back to what it was. No event says so, only the stack does. */
export async function isRollingBack(run: Run, stackId: string): Promise<boolean> {
  try {
    const status = await run.call('status of the stack', () => run.aws.stacks.status(stackId));
    return status.endsWith('ROLLBACK_IN_PROGRESS');
  } catch {
    return false; // in the log, as the step that it was
  }
}
