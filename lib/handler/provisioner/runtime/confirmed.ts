import type { CustomResourceEvent } from './event';
import { reasonOf } from './failure';
import { hasRemoved, isMadeId, targetIn } from './physical-ids';
import { poll } from './retry';
import type { Run } from './run';
import { isRollingBack } from './stack-status';

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 2_000;

/**
 * True if CloudFormation confirms that previous work on a server must be reverted.
 *
 * The sql-runner knows the servers of the current deployment, but not a previous server, which left the app or belongs to a
 * deployment that was rolled back. Its name is in the physical id, which only this function assigns and which CloudFormation
 * repeats in the events of its stack. What a failed update left elsewhere is removed only in the rollback.
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
    const check = async () => {
      const status = await run.call(`what CloudFormation does to ${logicalResourceId}`, () =>
        run.aws.stacks.resourceStatus(stackId, logicalResourceId, physicalResourceId),
      );
      return status === desired ? true : undefined;
    };
    return (await poll(run, { firstPauseMs: PAUSE_MS }, check, ({ count }) => count < MAX_ATTEMPTS)) === true;
  } catch (error) {
    run.log.warn('it is not known what CloudFormation does to the resource', { error: reasonOf(error) });
    return false;
  }
}

/**
 * True in the cleanup for a target that the update has already removed.
 *
 * CloudFormation knows the current physical id of the resource, which only this function assigns. If the id can't be read, the
 * Delete inspects the server.
 */
export async function isRemovedByUpdate(
  run: Run,
  { stackId, logicalResourceId, physicalResourceId = '' }: CustomResourceEvent,
): Promise<boolean> {
  try {
    const now = await run.call(`physical id of ${logicalResourceId}`, () =>
      run.aws.stacks.findResource(stackId, logicalResourceId),
    );
    return now !== undefined && hasRemoved(now.physicalId, physicalResourceId);
  } catch (error) {
    run.log.warn('it is not known whether the update has removed the previous target', {
      error: reasonOf(error),
    });
    return false;
  }
}
