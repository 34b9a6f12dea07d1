import type { CustomResourceEvent } from './event';
import { reasonOf } from './failure';
import { hasRemoved, isMadeId, targetIn } from './physical-ids';
import { poll } from './retry';
import type { Run } from './run';
import { isRollingBack } from './stack-status';

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 2_000;

/**
 * Whether CloudFormation itself says that previous work on a server is to be undone.
 *
 * The servers of the present deployment are known to the sql-runner. A previous one is not: it has left the app, or a
 * deployment that failed has been rolled back. Its name is in the physical id, which only this function gives and which
 * CloudFormation repeats in the events of its stack; what a failed update left elsewhere goes in the rollback alone.
 */
export async function isConfirmed(
  run: Run,
  { requestType, stackId, logicalResourceId, physicalResourceId = '' }: CustomResourceEvent,
  id: string,
  idPrefix: string,
): Promise<boolean> {
  if (requestType === 'Create') return false;
  const target = targetIn(physicalResourceId);
  if (requestType === 'Delete' && isMadeId(idPrefix, physicalResourceId) && target !== id) return false;
  if (requestType === 'Update' && target !== id && !(await isRollingBack(run, stackId))) return false;
  const desired = `${requestType.toUpperCase()}_IN_PROGRESS`;
  try {
    const look = async () => {
      const status = await run.call(`what CloudFormation does to ${logicalResourceId}`, () =>
        run.aws.stacks.resourceStatus(stackId, logicalResourceId, physicalResourceId),
      );
      return status === desired ? true : undefined;
    };
    return (await poll(run, { firstPauseMs: PAUSE_MS }, look, ({ count }) => count < MAX_ATTEMPTS)) === true;
  } catch (error) {
    run.log.warn('nobody knows what CloudFormation does', { error: reasonOf(error) });
    return false;
  }
}

/**
 * True in the clean-up for a target that the update before has removed itself.
 *
 * CloudFormation knows under which id the resource goes on, and only this function gives such ids. Where CloudFormation does not
 * say it, the Delete looks for itself.
 */
export async function isRemovedByUpdate(
  run: Run,
  { stackId, logicalResourceId, physicalResourceId = '' }: CustomResourceEvent,
): Promise<boolean> {
  try {
    const now = await run.call(`present id of ${logicalResourceId}`, () =>
      run.aws.stacks.findResource(stackId, logicalResourceId),
    );
    return now !== undefined && hasRemoved(now.physicalId, physicalResourceId);
  } catch (error) {
    run.log.warn('nobody knows whether the update has removed this', { error: reasonOf(error) });
    return false;
  }
}
