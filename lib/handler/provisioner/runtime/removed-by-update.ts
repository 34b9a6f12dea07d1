import { reasonOf } from './failure';
import type { CustomResourceEvent } from './event';
import { hasRemoved } from './physical-ids';
import type { Run } from './run';

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
