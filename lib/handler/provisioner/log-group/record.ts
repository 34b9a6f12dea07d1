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

/** What was there before by the physical id, and what was wished for then. */
export interface PreviousState {
  readonly settings: LogGroupState;
  readonly desired?: LogGroupRequest;
}

/** Written before anything is changed. */
export function recordTags(record: LogGroupRecord, ownerKey: string): Tags {
  return logGroupTagsOf(record, tagPrefix(ownerKey));
}

/** The record for a change, which knows the wishes of before too until the change is done. */
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

/** What this custom resource wrote down; nothing where it did not. */
export async function readRecord(run: Run, name: string, ownerKey: string): Promise<LogGroupRecord> {
  return logGroupRecordFrom(await readTags(run, name), tagPrefix(ownerKey));
}

/** The same where nothing is to be written. Who may not read tags has written none: nothing was changed, or an old release did it. */
export async function readRecordIfAllowed(run: Run, name: string, ownerKey: string): Promise<LogGroupRecord> {
  return readRecord(run, name, ownerKey).catch((error: unknown) => {
    if (isAws(error, 'AccessDenied')) return {};
    throw error;
  });
}

/**
 * The record as far as it is believed: whoever may tag the log group may write anything there; nobody can write the physical id.
 *
 * Until a Create is answered there is no id, and its record is a moment old.
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
  for (const doubt of doubts) run.log.warn('left alone: the record is not believed', { doubt });
  return { ...record, logGroup };
}

/** Writes it down where it says something else than before. */
export async function writeRecord(
  run: Run,
  name: string,
  ownerKey: string,
  record: LogGroupRecord,
  former: LogGroupRecord,
): Promise<void> {
  const tags = recordTags(record, ownerKey);
  if (JSON.stringify(tags) === JSON.stringify(recordTags(former, ownerKey))) return;
  await run.call(`record of the former settings of log group ${name}`, () => run.aws.logs.tag(name, tags));
}

/** What is not wished for any more has been put back: should it be again, it counts from what there is then. */
export async function dropRequirements(run: Run, desired: LogGroupRequest, ownerKey: string): Promise<void> {
  const { logGroupName: name } = desired;
  const recorded = await readRecordIfAllowed(run, name, ownerKey);
  if (!recorded.logGroup) return;
  // Nothing of the group is ours any more, such as after the rollback of the first wish for it.
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
