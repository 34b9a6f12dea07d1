import { renewLogGroupTags } from '../aws/stack-tags';
import type { Run } from '../aws/run';
import { isMadeAnew } from '../log-group/anew';
import { changeLogGroup, ensureLogGroup } from '../log-group/lifecycle';
import { mask, unmask } from '../log-group/masking';
import { leaveRecord, readTags, saveLogGroupRecord } from '../log-group/record';
import {
  concernsLogGroup,
  logGroupTags,
  logRequirements,
  ownerId,
  requirementsOf,
  type Requirements,
} from '../log-group/requirements';
import { desiredSettings, knownSettings, originalToRecord, settingsAfter } from '../log-group/settings';
import type { Observed } from './observe';
import { originalLogGroup, type Plan } from './plan';
import type { StatementLoggingRequest } from './properties';
import type { LoggingRecord } from './record';

interface SetUpOfLogGroup {
  readonly observed: Observed;
  readonly record: LoggingRecord;
  readonly plan: Plan;
  /** What this owner requires before or after this run. */
  readonly own: Requirements;
  readonly ownerKey: string;
}

/**
 * Sets retention, key and masking of the log group before RDS writes to it.
 *
 * The record is copied to the tags of the log group: they and the tags of the server confirm each other.
 */
export async function setUpLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  { observed, record, plan, own, ownerKey }: SetUpOfLogGroup,
  previous?: StatementLoggingRequest,
): Promise<void> {
  if (!concernsLogGroup(own)) return;
  const { logGroup: original } = plan;
  const { logGroup: now = {}, logOwners } = observed;
  const others = logOwners.map(requirementsOf);
  const name = log.logGroupName;
  const anew = await isMadeAnew(run, name, ownerKey);
  const meanwhile = { original: originalToRecord(original, [own, ...others]), own };
  await ensureLogGroup(run, log, logGroupTags(meanwhile.original, own, ownerKey));
  await saveLogGroupRecord(run, name, ownerKey, await readTags(run, name), meanwhile);
  if (previous && original.madeBy === ownerId(ownerKey))
    await renewLogGroupTags(run, name, log.tags, previous.log.tags);
  const recorded = [record.requirements, previous && logRequirements(previous.log)];
  const known = [...knownSettings(original, recorded, logOwners), ...(anew ? [{}] : [])];
  const desired = desiredSettings(original, [logRequirements(log)], logOwners, now);
  await changeLogGroup(run, name, known, desired);
  await mask(run, log, previous?.log, others);
}

/** Drops the requirements that are no longer requested and were restored. */
export async function finishLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  { observed, plan, own, ownerKey }: SetUpOfLogGroup,
): Promise<void> {
  if (!concernsLogGroup(own)) return;
  const name = log.logGroupName;
  const found = await readTags(run, name);
  const { requirements = {} } = plan.record;
  if (!concernsLogGroup(requirements)) return leaveRecord(run, name, ownerKey, found);
  const others = observed.logOwners.map(requirementsOf);
  const original = originalToRecord(plan.logGroup, [requirements, ...others]);
  await saveLogGroupRecord(run, name, ownerKey, found, { original, own: requirements });
}

/** Restores the settings that no other owner requires. */
export async function leaveLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  { observed, record }: Pick<SetUpOfLogGroup, 'observed' | 'record'>,
  ownerKey: string,
): Promise<void> {
  const { logGroup: now, logOwners } = observed;
  const name = log.logGroupName;
  if (!now) return run.log.info('nothing to change: the log group does not exist', { logGroup: name });
  const original = originalLogGroup(observed, record);
  const known = knownSettings(original, [record.requirements, logRequirements(log)], logOwners);
  await changeLogGroup(run, name, known, settingsAfter(original, logOwners, now));
  await unmask(run, log, logOwners.map(requirementsOf));
  await leaveRecord(run, name, ownerKey, await readTags(run, name));
}
