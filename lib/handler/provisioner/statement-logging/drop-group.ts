import { isAws } from '../aws/failure';
import type { ServerName } from '../aws/rds-ports';
import { Failure } from '../runtime/failure';
import type { Run } from '../aws/run';
import { GROUP_BUSY } from './carry-out';
import { until } from './rounds';
import { nameOf } from './server-status';

/** How long RDS may take to see that a group is not in use any more. */
const LONGEST_IN_USE = 5 * 60_000;

/** Deletes a group, which is possible a moment after it is not associated any more. The servers that use it, where it stays. */
export async function dropGroup(run: Run, server: ServerName, name: string): Promise<readonly string[]> {
  const group = { kind: server.kind, name };
  const { rds } = run.aws;
  if (!(await run.call(`parameter group ${name}`, () => rds.findGroup(group)))) return [];
  const from = run.clock.now();
  return until(
    run,
    () => `the parameter group ${name} to be out of use`,
    async () => {
      if (await deleteGroup(run, server, name)) return [];
      const users = await run.call(`users of parameter group ${name}`, () => rds.usersOf(group));
      if (users.length > 0) {
        run.log.warn('parameter group left alone: it is in use', { group: name, users: users.join(', ') });
        return users;
      }
      if (run.clock.now() - from < LONGEST_IN_USE) return undefined;
      throw new Failure(
        `rds:Delete of the parameter group ${name} failed with InvalidDBParameterGroupState for 5 minutes: RDS still uses it, though no server has it. Reboot the instances of the ${nameOf(server)}, then delete again.`,
        'InvalidDBParameterGroupState',
      );
    },
  );
}

/** False where RDS says that something still uses the group. */
export async function deleteGroup(run: Run, { kind }: ServerName, name: string): Promise<boolean> {
  try {
    await run.call(`deletion of parameter group ${name}`, () => run.aws.rds.deleteGroup({ kind, name }));
    return true;
  } catch (error) {
    if (isAws(error, GROUP_BUSY)) return false;
    throw error;
  }
}
