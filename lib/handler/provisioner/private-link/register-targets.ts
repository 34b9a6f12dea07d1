import type { Ask, Run, Task } from '../aws/run';
import { Failure, reasonOf } from '../runtime/failure';
import { followWriter } from './follow';
import { parseRegisterTargets } from './properties';

/** After an event, DNS names may resolve to the previous address for some minutes (RDS user guide, RDS-EVENT-0015). */
const REPEAT_FOR_MS = 4 * 60_000;
const PAUSE_MS = 5_000;
/** Time that must remain for a check. */
const MARGIN_MS = 60_000;

/** Makes calls without a log line each, since the schedule runs every minute. */
const quietly: Ask = async (_, question) => question();

/**
 * Registers the address of the writer if it changed.
 *
 * This also runs during a deployment, since a failover does not wait for its end, but not while CloudFormation changes the
 * custom resource of the targets, whose properties may differ.
 */
export const registerTargets: Task = async ({ raw }, run) => {
  const { stackId, logicalResourceId, targets, repeat } = parseRegisterTargets(raw);
  const end = run.clock.now() + (repeat ? REPEAT_FOR_MS : 0);
  for (;;) {
    if (await isLeftToCloudFormation(run, stackId, logicalResourceId))
      return void run.log.info('left to CloudFormation, which changes or deletes the targets itself');
    const last = run.clock.now() + PAUSE_MS > end || run.timeLeft() < MARGIN_MS;
    await followWriter(run, targets, quietly).catch((error: unknown) => {
      // A later check may succeed; the last one reports the failure.
      if (!(error instanceof Failure) || (last && !error.isTransient)) throw error;
      run.log.warn('the next check tries again', { error: reasonOf(error) });
    });
    if (last) return undefined;
    await run.pause(PAUSE_MS);
  }
};

async function isLeftToCloudFormation(
  run: Run,
  stackId: string,
  logicalResourceId: string,
): Promise<boolean> {
  try {
    const found = await run.aws.stacks.findResource(stackId, logicalResourceId);
    return found !== undefined && /_IN_PROGRESS$|^DELETE_/.test(found.status);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    run.log.warn('it is not known whether CloudFormation changes the targets', { error: reasonOf(error) });
    return false;
  }
}
