import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import type { Reading, Run } from '../aws/run';
import { renewLogGroupTags, tagsForNew, withRecord } from '../aws/stack-tags';
import { isRecreatedLogGroup } from './recreated';
import { mask, unmask } from './masking';
import type { LogGroupRequest } from './properties';
import { leaveRecord, readTags, readTagsIfAllowed, saveLogGroupRecord } from './record';
import {
  concernsLogGroup,
  coOwnersIn,
  isRequired,
  logGroupRecordIn,
  logGroupTags,
  logRequirements,
  ownerId,
  requirementsOf,
  type CoOwner,
  type OriginalLogGroup,
  type Requirements,
} from './requirements';
import {
  desiredSettings,
  knownSettings,
  originalFor,
  originalToRecord,
  settingsAfter,
  type Settings,
} from './settings';

/** A log group as one of its owners sees it. */
export interface OwnedLogGroup {
  readonly ownerKey: string;
  /** The confirmed original settings, also of those that no owner requires. */
  readonly original: OriginalLogGroup;
  /** The entry of this owner before the request. */
  readonly recorded?: Requirements;
  readonly coOwners: readonly CoOwner[];
  /** A sentence for each requested setting that keeps a value of somebody else. */
  readonly notices?: readonly string[];
}

/** The request of an owner. */
export interface Change {
  readonly desired: LogGroupRequest;
  readonly previous?: LogGroupRequest;
  /** What the owner requires of the log group and its server. */
  readonly needs: Requirements;
}

/** Returns the original settings, whether an owner changes them or not; `before`: what owners required before the request. */
export function completeOriginal(
  now: LogGroupState | undefined,
  recorded: OriginalLogGroup | undefined,
  before: readonly Requirements[],
  ownerKey: string,
): OriginalLogGroup {
  if (recorded) return originalFor(now ?? {}, recorded, before);
  return now ? originalFor(now, {}, []) : { madeBy: ownerId(ownerKey) };
}

/**
 * Records the original settings in the tags of the log group, then sets what the owners require.
 *
 * Returns the log group with its actual original settings: RDS may have created it in the meantime.
 */
export async function setUpLogGroup(run: Run, group: OwnedLogGroup, change: Change): Promise<OwnedLogGroup> {
  const { desired, previous, needs } = change;
  const { ownerKey, recorded, coOwners } = group;
  const name = desired.logGroupName;
  const own = { ...recorded, ...needs };
  const previousNeeds = previous && logRequirements(previous);
  const isRecorded = concernsLogGroup(own);
  if (!isRecorded && !concernsLogGroup(previousNeeds)) return group;
  const others = othersOf(group);
  const record = (of: OriginalLogGroup) => ({ own, original: originalToRecord(of, [own, ...others]) });
  // A group that was deleted and created again has neither a record nor the previous settings.
  const isRecreated = await isRecreatedLogGroup(run, name, ownerKey);
  const tags = logGroupTags(record(group.original), ownerKey);
  const isCreated = isRecorded && (await createIfMissing(run, desired, tags));
  const { madeBy, ...settings } = group.original;
  const original = isRecreated && !isCreated && madeBy === ownerId(ownerKey) ? settings : group.original;
  if (isRecorded) await saveLogGroupRecord(run, name, ownerKey, await readTags(run, name), record(original));
  const before = [recorded, previousNeeds].filter((one) => one !== undefined);
  const known = [...knownSettings(original, before, coOwners), ...(isRecreated ? [{}] : [])];
  const changes = { known, own: [needs, ...before] };
  const kept = await setKnown(run, name, changes, (now) => desiredSettings(original, [needs], coOwners, now));
  await mask(run, desired, previous, others);
  const notices = (kept ?? []).map((one) => keptNotice(name, one));
  for (const notice of notices) run.log.warn('not changed: set outside of this deployment', { notice });
  return { ...group, original, notices };
}

/** Drops the requirements that are no longer requested and were restored, and sets the tags of a log group that was created. */
export async function finishSetUp(run: Run, group: OwnedLogGroup, change: Change): Promise<void> {
  const { desired, previous, needs } = change;
  const { ownerKey, original, recorded } = group;
  const name = desired.logGroupName;
  if (!concernsLogGroup({ ...recorded, ...needs })) return;
  const found = await readTags(run, name);
  if (!concernsLogGroup(needs)) return leaveRecord(run, name, ownerKey, found);
  const kept = originalAfter(group, needs, othersOf(group), found);
  await saveLogGroupRecord(run, name, ownerKey, found, { own: needs, original: kept });
  if (previous && original.madeBy === ownerId(ownerKey))
    await renewLogGroupTags(run, name, desired.tags, previous.tags);
}

/**
 * Returns the original settings to record after a change; `others` is what other owners required before it, `tags` are current.
 *
 * Another owner may have recorded further settings in the meantime.
 */
export function originalAfter(
  { original, ownerKey }: OwnedLogGroup,
  needs: Requirements,
  others: readonly Requirements[],
  tags: Tags,
): OriginalLogGroup | undefined {
  const ofOthers = logGroupRecordIn(tags, ownerKey).original;
  const merged = { ...ofOthers, ...originalToRecord(original, [needs, ...others]) };
  return originalToRecord(merged, [needs, ...coOwnersIn(ownerKey, tags).map(requirementsOf)]);
}

/** Restores the settings that no other owner requires. */
export async function leaveLogGroup(run: Run, group: OwnedLogGroup, desired: LogGroupRequest): Promise<void> {
  const { original, recorded, coOwners, ownerKey } = group;
  const name = desired.logGroupName;
  const own = [...(recorded ? [recorded] : []), logRequirements(desired)];
  const changes = { known: knownSettings(original, own, coOwners), own };
  const kept = await setKnown(run, name, changes, (now) => settingsAfter(original, coOwners, now));
  if (!kept) return;
  for (const { setting, now } of kept)
    run.log.warn(`${setting} not restored: changed outside of this deployment`, { logGroup: name, now });
  await unmask(run, desired, othersOf(group));
  await leaveRecord(run, name, ownerKey, await readTagsIfAllowed(run, name));
}

/** Creates a missing log group as RDS would, but with the key and the record. Returns false if it exists. */
async function createIfMissing(
  run: Run,
  { logGroupName, logEncryptionKey, tags: given }: LogGroupRequest,
  record: Tags,
): Promise<boolean> {
  if (await findLogGroup(run, logGroupName)) return false;
  const tags = withRecord(`log group ${logGroupName}`, await tagsForNew(run, given), record);
  return run.call(`creation of log group ${logGroupName}`, async () => {
    try {
      await run.aws.logs.create(logGroupName, logEncryptionKey, tags);
      return true;
    } catch (error) {
      if (isAws(error, 'ResourceAlreadyExists')) return false; // RDS created it in the meantime
      throw error;
    }
  });
}

/** Reads the settings of a log group; undefined if it does not exist. */
export async function findLogGroup(run: Reading, name: string): Promise<LogGroupState | undefined> {
  return run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
}

function othersOf({ coOwners }: OwnedLogGroup): Requirements[] {
  return coOwners.map(requirementsOf);
}

interface Changes {
  /** The values that the owners may have set: another value was set by somebody else and is kept. */
  readonly known: readonly Settings[];
  /** What this owner requires or required: it changes no other setting, for which it may lack the permission. */
  readonly own: readonly Requirements[];
}

/** A setting that keeps a value that somebody else set. */
interface Kept {
  readonly setting: 'retention' | 'key';
  readonly now?: number | string;
  readonly desired?: number | string;
}

function keptNotice(name: string, { setting, now, desired }: Kept): string {
  const text = (value: number | string | undefined) => {
    if (setting === 'key') return value === undefined ? 'no key' : `the key ${value}`;
    return value === undefined ? 'an unlimited retention' : `a retention of ${value} days`;
  };
  return `The log group ${name} keeps ${text(now)}, which was set outside of this deployment, instead of ${text(desired)}. To let deployments change it again, set ${text(desired)}.`;
}

/**
 * Changes each setting of this owner that still has a known value.
 *
 * Returns the settings that keep another value, and undefined if the log group does not exist.
 */
async function setKnown(
  run: Run,
  name: string,
  { known, own }: Changes,
  desired: (now: Settings) => Settings,
): Promise<Kept[] | undefined> {
  const now = await findLogGroup(run, name);
  if (!now) {
    run.log.info('nothing to change: the log group does not exist', { logGroup: name });
    return undefined;
  }
  const kept: Kept[] = [];
  const to = desired(now);
  if (isRequired(own, 'retentionInDays') && now.retentionInDays !== to.retentionInDays) {
    if (known.some(({ retentionInDays }) => retentionInDays === now.retentionInDays))
      await run.call(`retention of ${name}`, () => run.aws.logs.setRetention(name, to.retentionInDays));
    else kept.push({ setting: 'retention', now: now.retentionInDays, desired: to.retentionInDays });
  }
  if (isRequired(own, 'kmsKeyArn') && now.kmsKeyArn !== to.kmsKeyArn) {
    if (known.some(({ kmsKeyArn }) => kmsKeyArn === now.kmsKeyArn))
      await run.call(`key of ${name}`, () => run.aws.logs.setKey(name, to.kmsKeyArn));
    else kept.push({ setting: 'key', now: now.kmsKeyArn, desired: to.kmsKeyArn });
  }
  return kept;
}
