import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import { Failure, reasonOf } from '../failure';
import type { Lifecycle } from '../lifecycle';
import type { Done } from '../outcome';
import { parseLogGroup, type LogGroupRequest } from '../parse/log-group';
import { logGroupId, settingsIn } from '../physical-ids';
import type { Run } from '../run';
import { mask, unmask } from './log-group-masking';
import { settingsFor } from './log-group-settings';

/**
 * Retention, key and masking of a log group that RDS may have made first.
 *
 * The group itself stays on Delete, RDS may write to it still. What it was set to before is kept in the physical id, where
 * every Update and the Delete find it.
 */
export const logGroup: Lifecycle<LogGroupRequest> = {
  parse: parseLogGroup,
  isOurs: (physicalId) => physicalId.startsWith('datafold-log-group:'),

  async create({ wanted }, run) {
    return adopt(run, wanted);
  },

  async update({ wanted, previous, physicalId }, run) {
    const before = settingsIn(physicalId, wanted.logGroupName);
    if (!before) return adopt(run, wanted);
    await ensureLogGroup(run, wanted);
    const left = settingsFor(before, previous ?? wanted);
    await changeLogGroup(run, wanted.logGroupName, left, settingsFor(before, wanted));
    await mask(run, wanted, previous);
    return done(wanted, physicalId);
  },

  async remove({ wanted, physicalId }, run) {
    const before = physicalId === undefined ? undefined : settingsIn(physicalId, wanted.logGroupName);
    if (before) await putBack(run, wanted, before);
  },
};

async function adopt(run: Run, wanted: LogGroupRequest): Promise<Done> {
  const before = await ensureLogGroup(run, wanted);
  try {
    await changeLogGroup(run, wanted.logGroupName, before, settingsFor(before, wanted));
    await mask(run, wanted);
  } catch (error) {
    await putBack(run, wanted, before).catch((second: unknown) => {
      throw new Failure(`${reasonOf(error)} Undoing the work failed too: ${reasonOf(second)}`);
    });
    throw error;
  }
  return done(wanted, logGroupId(wanted.logGroupName, before));
}

async function putBack(run: Run, wanted: LogGroupRequest, before: LogGroupState): Promise<void> {
  const found = await changeLogGroup(run, wanted.logGroupName, settingsFor(before, wanted), before);
  if (found) await unmask(run, wanted);
}

/** The settings of the group; a new one is what RDS would have made, apart from the key. */
export async function ensureLogGroup(
  run: Run,
  { logGroupName, kmsKeyArn }: LogGroupRequest,
): Promise<LogGroupState> {
  const found = await find(run, logGroupName);
  if (found) return found;
  return run.call(`creation of log group ${logGroupName}`, async () => {
    try {
      await run.aws.logs.create(logGroupName, kmsKeyArn);
      return {};
    } catch (error) {
      // RDS was faster.
      if (isAws(error, 'ResourceAlreadyExists')) return (await run.aws.logs.find(logGroupName)) ?? {};
      throw error;
    }
  });
}

/** Changes what still is as it was left; a value that somebody else has set since is theirs. False: no such group. */
export async function changeLogGroup(
  run: Run,
  name: string,
  left: LogGroupState,
  to: LogGroupState,
): Promise<boolean> {
  const now = await find(run, name);
  if (!now) {
    run.log.info('nothing to change: the log group is gone', { logGroup: name });
    return false;
  }
  if (now.retentionInDays !== to.retentionInDays) {
    if (now.retentionInDays === left.retentionInDays)
      await run.call(`retention of ${name}`, () => run.aws.logs.setRetention(name, to.retentionInDays));
    else
      run.log.warn('retention left alone: somebody changed it', {
        logGroup: name,
        days: now.retentionInDays,
      });
  }
  if (now.kmsKeyArn !== to.kmsKeyArn) {
    if (now.kmsKeyArn === left.kmsKeyArn)
      await run.call(`key of ${name}`, () => run.aws.logs.setKey(name, to.kmsKeyArn));
    else run.log.warn('key left alone: somebody changed it', { logGroup: name });
  }
  return true;
}

async function find(run: Run, name: string): Promise<LogGroupState | undefined> {
  return run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
}

function done({ logGroupName }: LogGroupRequest, physicalId: string): Done {
  return { physicalId, data: { LogGroupName: logGroupName } };
}
