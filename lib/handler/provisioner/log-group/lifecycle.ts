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
  confirmedOriginal,
  leaveRecord,
  readTags,
  readTagsIfAllowed,
  recordIn,
  saveLogGroupRecord,
} from './record';
import { setUpThenRemovePrevious, type PreviousTarget } from '../runtime/previous-target';
import { renewLogGroupTags, tagsForNew, withRecord } from '../aws/stack-tags';
import {
  concernsLogGroup,
  logGroupTags,
  logRequirements,
  ownerId,
  requirementsOf,
  type OriginalLogGroup,
  type Requirements,
} from './requirements';
import { desiredSettings, knownSettings, originalFor, originalToRecord, settingsAfter } from './settings';

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
      const before = isMove(request) ? undefined : previous;
      const setUp = await prepare(run, desired, ownerKey, {
        settings: settingsIn(physicalId, desired.logGroupName),
        desired: before,
      });
      await setUp.change();
      await mask(run, desired, before, setUp.others).catch((error: unknown) => {
        if (!(error instanceof PreconditionFailed)) throw error;
        throw new CheckFailed(error, async () =>
          removePreviousTarget(request, run, async () => done(desired, setUp.physicalId)),
        );
      });
      await setUp.finish();
      if (setUp.isMadeByThisOwner)
        await renewLogGroupTags(run, desired.logGroupName, desired.tags, before?.tags);
      return done(desired, setUp.physicalId);
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
  const { change, original, physicalId, others } = await prepare(run, desired, ownerKey);
  try {
    await change();
    await mask(run, desired, undefined, others);
  } catch (error) {
    await leave(run, desired, ownerKey, original).catch((second: unknown) => {
      throw new Failure(`${reasonOf(error)} Reverting the changes failed too: ${reasonOf(second)}`);
    });
    throw error;
  }
  return done(desired, physicalId);
}

/** The original settings by the physical id, and the previous request. */
interface Previous {
  readonly settings?: LogGroupState;
  readonly desired?: LogGroupRequest;
}

/** The steps of a set-up after the original settings are recorded. */
interface SetUp {
  readonly original: OriginalLogGroup;
  readonly physicalId: string;
  /** The requirements of other owners. */
  readonly others: readonly Requirements[];
  readonly isMadeByThisOwner: boolean;
  readonly change: () => Promise<unknown>;
  /** Drops the requirements that are no longer requested and were restored. */
  readonly finish: () => Promise<void>;
}

/** Records the original settings before they are changed; those of an existing record take precedence. */
async function prepare(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
  previous: Previous = {},
): Promise<SetUp> {
  const { logGroupName: name } = desired;
  const needs = logRequirements(desired);
  const isRequested = concernsLogGroup(needs);
  const made = { madeBy: ownerId(ownerKey) };
  const now = await ensureLogGroup(run, desired, isRequested ? logGroupTags(made, needs, ownerKey) : {});
  const found = await (isRequested ? readTags : readTagsIfAllowed)(run, name);
  const record = recordIn(found, ownerKey);
  const { own, coOwners } = record;
  const others = coOwners.map(requirementsOf);
  const previousNeeds = previous.desired && logRequirements(previous.desired);
  const recorded = confirmedOriginal(run, record, previous.settings, now, name) ?? previous.settings;
  const before = recorded ? [own ?? previousNeeds ?? (previous.settings ? needs : {}), ...others] : [];
  const original = originalFor(now, recorded ?? {}, before);
  if (isRequested)
    await saveLogGroupRecord(run, name, ownerKey, found, {
      original: originalToRecord(original, [...before, needs]),
      own: { ...own, ...needs },
    });
  // A group that was deleted and created again has neither a record nor the previous settings.
  const known = [...knownSettings(original, [own, previousNeeds], coOwners), ...(own ? [] : [{}])];
  return {
    original,
    physicalId: logGroupId(name, original),
    others,
    isMadeByThisOwner: recorded?.madeBy === made.madeBy,
    change: async () => changeLogGroup(run, name, known, desiredSettings(original, [needs], coOwners, now)),
    async finish() {
      const current = await readTagsIfAllowed(run, name);
      if (!isRequested) return leaveRecord(run, name, ownerKey, current);
      const kept = originalToRecord(original, [...others, needs]);
      await saveLogGroupRecord(run, name, ownerKey, current, { original: kept, own: needs });
    },
  };
}

/** Restores the group by its record, else by the physical id. */
async function leave(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
  fromId?: LogGroupState,
): Promise<void> {
  const { logGroupName: name } = desired;
  const found = await readTagsIfAllowed(run, name);
  const now = await find(run, name);
  const record = recordIn(found, ownerKey);
  const { own, coOwners } = record;
  if (!own && !fromId) return;
  if (!now) return run.log.info('nothing to change: the log group does not exist', { logGroup: name });
  const others = coOwners.map(requirementsOf);
  const recorded = confirmedOriginal(run, record, fromId, now, name);
  const original = recorded ? originalFor(now, recorded, [...(own ? [own] : []), ...others]) : fromId;
  if (!original) return;
  const known = knownSettings(original, [own, logRequirements(desired)], coOwners);
  await changeLogGroup(run, name, known, settingsAfter(original, coOwners, now));
  await unmask(run, desired, others);
  await leaveRecord(run, name, ownerKey, found);
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

/** Changes each setting that still has a known value; keeps values that were set by others. */
export async function changeLogGroup(
  run: Run,
  name: string,
  known: readonly LogGroupState[],
  to: LogGroupState,
): Promise<void> {
  const now = await find(run, name);
  if (!now) {
    run.log.info('nothing to change: the log group does not exist', { logGroup: name });
    return;
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
}

async function find(run: Run, name: string): Promise<LogGroupState | undefined> {
  return run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
}

function done({ logGroupName }: LogGroupRequest, physicalId: string, Notice = ''): Done {
  return { physicalId, data: { LogGroupName: logGroupName, Notice } };
}
