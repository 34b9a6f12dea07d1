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
 * Retention, key and masking of a log group that RDS may have created first.
 *
 * A Delete keeps the group, since RDS may still write to it. The original settings are written into its tags before the first
 * change, so that an interrupted or repeated Create keeps them, and into the physical id, which outlives the tags but can't
 * change.
 */
export const logGroup: Lifecycle<LogGroupRequest> = {
  parse: parseLogGroup,
  isOurs: (physicalId) => physicalId.startsWith('datafold-log-group:'),
  removesPrevious: true,

  async create({ desired, ownerKey }, run) {
    return adopt(run, desired, ownerKey);
  },

  /** The previous group is restored last, while the policy that allows it still exists. */
  async update(request, run) {
    const { desired, previous, physicalId, ownerKey } = request;
    return removePreviousTarget(request, run, async () => {
      const moves = isMove(request);
      const former = settingsIn(physicalId, desired.logGroupName);
      // After a rollback that restored the group, its record no longer exists and its settings are the original ones.
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
      // A group that was deleted and created again has neither a record nor the previous settings.
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

  /** Restores the other group that the failed update changed, if possible. */
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
    mayBeLeft: `Retention, key and masking of the log group ${logGroupName} may still be set: the original settings could not be restored.`,
    isReplacedByStack: serverResource !== undefined && serverResource === desired.serverResource,
    async remove() {
      await leave(run, previous, ownerKey, settingsIn(physicalId, logGroupName));
      return undefined;
    },
  };
}

/** Sets up the group. Its current settings count as the original ones unless the tags have a record. */
export async function adopt(run: Run, desired: LogGroupRequest, ownerKey: string): Promise<Done> {
  const before = await remember(run, desired, ownerKey);
  try {
    await changeLogGroup(run, desired.logGroupName, before, settingsFor(before, desired));
    await mask(run, desired);
  } catch (error) {
    await leave(run, desired, ownerKey, before).catch((second: unknown) => {
      throw new Failure(`${reasonOf(error)} Reverting the changes failed too: ${reasonOf(second)}`);
    });
    throw error;
  }
  return done(desired, logGroupId(desired.logGroupName, before));
}

/** Records and returns the original settings before they are changed; those of an existing record take precedence. */
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

/** Restores the group by its record, else by the physical id. */
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

/** Returns the settings of the group. Creates a missing group as RDS would, but with the key. */
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
      // RDS created the group in the meantime.
      if (isAws(error, 'ResourceAlreadyExists')) return (await run.aws.logs.find(logGroupName)) ?? {};
      throw error;
    }
  });
}

/** Changes each setting that still has a known value; keeps values that were set by others. Returns false if no group exists. */
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
    run.log.info('nothing to change: the log group does not exist', { logGroup: name });
    return false;
  }
  if (now.retentionInDays !== to.retentionInDays) {
    if (known.some(({ retentionInDays }) => retentionInDays === now.retentionInDays))
      await run.call(`retention of ${name}`, () => run.aws.logs.setRetention(name, to.retentionInDays));
    else
      run.log.warn('retention not restored: changed outside of this deployment', {
        logGroup: name,
        days: now.retentionInDays,
      });
  }
  if (now.kmsKeyArn !== to.kmsKeyArn) {
    if (known.some(({ kmsKeyArn }) => kmsKeyArn === now.kmsKeyArn))
      await run.call(`key of ${name}`, () => run.aws.logs.setKey(name, to.kmsKeyArn));
    else run.log.warn('key not restored: changed outside of this deployment', { logGroup: name });
  }
  return true;
}

async function find(run: Run, name: string): Promise<LogGroupState | undefined> {
  return run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
}

function done({ logGroupName }: LogGroupRequest, physicalId: string, Notice = ''): Done {
  return { physicalId, data: { LogGroupName: logGroupName, Notice } };
}
