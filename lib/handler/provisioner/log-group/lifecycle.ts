import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import { CheckFailed, Failure, PreconditionFailed, reasonOf } from '../runtime/failure';
import type { UpdateRequest } from '../runtime/lifecycle';
import type { Done, Outcome } from '../runtime/outcome';
import { parseLogGroup, type LogGroupRequest } from './properties';
import { isOfLogGroup, logGroupId, logGroupIdWithoutSettings, settingsIn } from './physical-id';
import type { Lifecycle, Run } from '../aws/run';
import { mask, unmask } from './masking';
import {
  believedRecord,
  dropRecord,
  dropRequirements,
  readRecord,
  readRecordIfAllowed,
  recordFor,
  recordTags,
  writeRecord,
  type PreviousState,
} from './record';
import { setUpThenRemovePrevious, type PreviousTarget } from '../runtime/previous-target';
import { renewLogGroupTags, tagsForNew, withRecord } from '../aws/stack-tags';
import { settingsAfter, settingsFor, requestedSettings } from './settings';

/**
 * Retention, key and masking of a log group that RDS may have made first.
 *
 * The group itself stays on Delete, RDS may write to it still. What it was set to before is written into its tags first, so
 * that a Create which is cut short or delivered twice forgets nothing; and into the physical id, which outlives the tags but
 * can't change.
 */
export const logGroup: Lifecycle<LogGroupRequest> = {
  parse: parseLogGroup,
  isOurs: (physicalId) => physicalId.startsWith('datafold-log-group:'),
  removesPrevious: true,

  async create({ desired, ownerKey }, run) {
    return adopt(run, desired, ownerKey);
  },

  /** The previous group is put back last, while its policy is still there. */
  async update(request, run) {
    const { desired, previous, physicalId, ownerKey } = request;
    return removePreviousTarget(request, run, async () => {
      const moves = isMove(request);
      const former = settingsIn(physicalId, desired.logGroupName);
      // A rollback that could not work has left the group put back, without a record: it is then as it was before us.
      const isRecorded =
        (await readRecordIfAllowed(run, desired.logGroupName, ownerKey)).logGroup !== undefined;
      const before = await remember(
        run,
        desired,
        ownerKey,
        former && { settings: former, desired: previous },
      );
      const left = moves ? before : settingsFor(before, previous ?? desired);
      const to = settingsFor(before, desired);
      // One that was made anew has no record either, and nothing of what the former one was set to.
      await changeLogGroup(run, desired.logGroupName, left, to, isRecorded ? [] : [before, {}]);
      await mask(run, desired, moves ? undefined : previous).catch((error: unknown) => {
        if (!(error instanceof PreconditionFailed)) throw error;
        throw new CheckFailed(error, async () =>
          removePreviousTarget(request, run, async () =>
            done(desired, logGroupId(desired.logGroupName, before)),
          ),
        );
      });
      await dropRequirements(run, desired, ownerKey);
      const { logGroup } = await readRecordIfAllowed(run, desired.logGroupName, ownerKey);
      if (logGroup?.made)
        await renewLogGroupTags(run, desired.logGroupName, desired.tags, moves ? undefined : previous?.tags);
      return done(desired, logGroupId(desired.logGroupName, before));
    });
  },

  /** What the failed update left in another group goes, if it can. */
  async answerWithoutWork(request, notice, run) {
    const { desired } = request;
    const id = logGroupIdWithoutSettings(desired.logGroupName);
    return removePreviousTarget(request, run, async () => done(desired, id, notice));
  },

  async remove({ desired, physicalId, ownerKey }, run) {
    const before = physicalId === undefined ? undefined : settingsIn(physicalId, desired.logGroupName);
    await leave(run, desired, ownerKey, before);
  },
};

function isMove({ previous, desired }: UpdateRequest<LogGroupRequest>): boolean {
  return previous !== undefined && previous.logGroupName !== desired.logGroupName;
}

async function removePreviousTarget(
  request: UpdateRequest<LogGroupRequest>,
  run: Run,
  setUp: () => Promise<Done>,
): Promise<Outcome> {
  const { previous, desired, physicalId } = request;
  const isMoving = previous && isMove(request);
  return setUpThenRemovePrevious(
    {
      request,
      isAtTarget: isOfLogGroup(physicalId, desired.logGroupName),
      setUp,
      previous: isMoving ? previousTarget(request, previous, run) : undefined,
    },
    run,
  );
}

function previousTarget(
  { ownerKey, physicalId, desired }: UpdateRequest<LogGroupRequest>,
  previous: LogGroupRequest,
  run: Run,
): PreviousTarget {
  const { logGroupName, serverResource } = previous;
  return {
    mayBeLeft: `Retention, key and masking of the log group ${logGroupName} may still be as they were set, since they could not be put back.`,
    isReplacedByStack: serverResource !== undefined && serverResource === desired.serverResource,
    async remove() {
      await leave(run, previous, ownerKey, settingsIn(physicalId, logGroupName));
      return undefined;
    },
  };
}

/** Sets the group up, whatever there is: what is found counts as what was before us, unless the tags know better. */
export async function adopt(run: Run, desired: LogGroupRequest, ownerKey: string): Promise<Done> {
  const before = await remember(run, desired, ownerKey);
  try {
    await changeLogGroup(run, desired.logGroupName, before, settingsFor(before, desired));
    await mask(run, desired);
  } catch (error) {
    await leave(run, desired, ownerKey, before).catch((second: unknown) => {
      throw new Failure(`${reasonOf(error)} Undoing the work failed too: ${reasonOf(second)}`);
    });
    throw error;
  }
  return done(desired, logGroupId(desired.logGroupName, before));
}

/** The settings before us, written down before they are changed; by the record, where an earlier run has left one. */
async function remember(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
  former?: PreviousState,
): Promise<LogGroupState> {
  const { logGroupName: name } = desired;
  const requirements = requestedSettings(desired);
  if (requirements.length === 0) {
    const now = await ensureLogGroup(run, desired);
    const found = await readRecordIfAllowed(run, name, ownerKey);
    return recordFor(now, believedRecord(run, found, former?.settings, now, name), desired, former).logGroup;
  }
  const now = await ensureLogGroup(
    run,
    desired,
    recordTags({ requirements, logGroup: { made: true } }, ownerKey),
  );
  const recorded = await readRecord(run, name, ownerKey);
  const believed = believedRecord(run, recorded, former?.settings, now, name);
  const record = recordFor(now, believed, desired, former);
  await writeRecord(run, name, ownerKey, record, recorded);
  return record.logGroup;
}

/** Puts the group back, as the record says or the id. */
async function leave(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
  former?: LogGroupState,
): Promise<void> {
  const { logGroupName } = desired;
  const tags = await readRecordIfAllowed(run, logGroupName, ownerKey);
  const now = await find(run, logGroupName);
  const { logGroup: recorded } = believedRecord(run, tags, former, now, logGroupName);
  const before = recorded ?? former;
  if (!before) return;
  const left = settingsFor(before, desired);
  const found = await changeLogGroup(run, logGroupName, left, settingsAfter(before, desired));
  if (found) await unmask(run, desired);
  if (found && recorded) await dropRecord(run, logGroupName, ownerKey);
}

/** The settings of the group; a new one is what RDS would have made, apart from the key. */
export async function ensureLogGroup(
  run: Run,
  { logGroupName, kmsKeyArn, tags: given }: LogGroupRequest,
  record: Tags = {},
): Promise<LogGroupState> {
  const found = await find(run, logGroupName);
  if (found) return found;
  const tags = withRecord(`log group ${logGroupName}`, await tagsForNew(run, given), record);
  return run.call(`creation of log group ${logGroupName}`, async () => {
    try {
      await run.aws.logs.create(logGroupName, kmsKeyArn, tags);
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
  alsoLeft: readonly LogGroupState[] = [],
): Promise<boolean> {
  const now = await find(run, name);
  const known = [left, ...alsoLeft];
  if (!now) {
    run.log.info('nothing to change: the log group is gone', { logGroup: name });
    return false;
  }
  if (now.retentionInDays !== to.retentionInDays) {
    if (known.some(({ retentionInDays }) => retentionInDays === now.retentionInDays))
      await run.call(`retention of ${name}`, () => run.aws.logs.setRetention(name, to.retentionInDays));
    else
      run.log.warn('retention left alone: somebody changed it', {
        logGroup: name,
        days: now.retentionInDays,
      });
  }
  if (now.kmsKeyArn !== to.kmsKeyArn) {
    if (known.some(({ kmsKeyArn }) => kmsKeyArn === now.kmsKeyArn))
      await run.call(`key of ${name}`, () => run.aws.logs.setKey(name, to.kmsKeyArn));
    else run.log.warn('key left alone: somebody changed it', { logGroup: name });
  }
  return true;
}

async function find(run: Run, name: string): Promise<LogGroupState | undefined> {
  return run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
}

function done({ logGroupName }: LogGroupRequest, physicalId: string, Notice = ''): Done {
  return { physicalId, data: { LogGroupName: logGroupName, Notice } };
}
