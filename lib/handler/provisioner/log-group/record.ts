import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import type { LogGroupRequest } from './properties';
import type { Run } from '../aws/run';
import { confirmedSettings, settingsBefore, requestedSettings } from './settings';
import {
  mergeRequirements,
  logGroupRecordFrom,
  logGroupTagsOf,
  tagPrefix,
  type LogGroupRecord,
} from './record-tags';

type Settings = NonNullable<LogGroupRecord['logGroup']>;

/** The original settings by the physical id, and the previous request. */
export interface PreviousState {
  readonly settings: LogGroupState;
  readonly desired?: LogGroupRequest;
}

/** Returns the tags of the record, which are written before the first change. */
export function recordTags(record: LogGroupRecord, ownerKey: string): Tags {
  return logGroupTagsOf(record, tagPrefix(ownerKey));
}

/** Returns the record for a change; it includes the previous requirements until the change is done. */
export function recordFor(
  now: LogGroupState,
  { requirements, logGroup }: LogGroupRecord,
  desired: LogGroupRequest,
  former?: PreviousState,
): Required<LogGroupRecord> {
  const requested = requestedSettings(desired);
  const recorded: Settings | undefined = logGroup ?? (former && { made: false, ...former.settings });
  if (!recorded) return { requirements: requested, logGroup: { made: false, ...now } };
  const known = requirements ?? requestedSettings(former?.desired ?? desired);
  return {
    requirements: mergeRequirements(known, requested),
    logGroup: settingsBefore(now, recorded, known, desired),
  };
}

/** Reads the record of this custom resource; empty if none exists. */
export async function readRecord(run: Run, name: string, ownerKey: string): Promise<LogGroupRecord> {
  return logGroupRecordFrom(await readTags(run, name), tagPrefix(ownerKey));
}

/** Reads the record; empty if the role may not read tags, since it then cannot have written a record either. */
export async function readRecordIfAllowed(run: Run, name: string, ownerKey: string): Promise<LogGroupRecord> {
  return readRecord(run, name, ownerKey).catch((error: unknown) => {
    if (isAws(error, 'AccessDenied')) return {};
    throw error;
  });
}

/**
 * Returns the confirmed part of the record: whoever may tag the log group can write anything there, but not the physical id.
 *
 * Before the response of a Create no id exists; its record was written a moment ago.
 */
export function believedRecord(
  run: Run,
  record: LogGroupRecord,
  fromId: LogGroupState | undefined,
  now: LogGroupState | undefined,
  name: string,
): LogGroupRecord {
  if (!record.logGroup || !fromId || !now) return record;
  const doubts: string[] = [];
  const logGroup = confirmedSettings(record.logGroup, fromId, now, name, doubts);
  for (const doubt of doubts) run.log.warn('not restored: the record is not confirmed', { doubt });
  return { ...record, logGroup };
}

/** Writes the record if it changed. */
export async function writeRecord(
  run: Run,
  name: string,
  ownerKey: string,
  record: LogGroupRecord,
  former: LogGroupRecord,
): Promise<void> {
  const tags = recordTags(record, ownerKey);
  if (JSON.stringify(tags) === JSON.stringify(recordTags(former, ownerKey))) return;
  await run.call(`record of the original settings of log group ${name}`, () => run.aws.logs.tag(name, tags));
}

/** Drops requirements that are no longer requested and were restored: a later request records the settings of that time. */
export async function dropRequirements(run: Run, desired: LogGroupRequest, ownerKey: string): Promise<void> {
  const { logGroupName: name } = desired;
  const recorded = await readRecordIfAllowed(run, name, ownerKey);
  if (!recorded.logGroup) return;
  // No setting is requested, for example after the rollback of the first request.
  if (requestedSettings(desired).length === 0) await dropRecord(run, name, ownerKey);
  else
    await writeRecord(
      run,
      name,
      ownerKey,
      { ...recorded, requirements: requestedSettings(desired) },
      recorded,
    );
}

export async function dropRecord(run: Run, name: string, ownerKey: string): Promise<void> {
  const prefix = tagPrefix(ownerKey);
  const keys = Object.keys(await readTags(run, name)).filter((key) => key.startsWith(prefix));
  if (keys.length > 0)
    await run.call(`removal of the record of log group ${name}`, () => run.aws.logs.untag(name, keys));
}

async function readTags(run: Run, name: string): Promise<Tags> {
  return run.call(`tags of log group ${name}`, () => run.aws.logs.readTags(name));
}
