import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import type { Reading, Run } from '../aws/run';
import {
  coOwnersIn,
  logGroupTags,
  logGroupRecordIn,
  requirementsOf,
  type LogGroupRecord,
  type OriginalLogGroup,
} from './requirements';
import { confirmedSettings, originalToRecord } from './settings';

/** Reads the tags of a log group, which hold the record. */
export async function readTags(run: Reading, name: string): Promise<Tags> {
  return run.call(`tags of log group ${name}`, () => run.aws.logs.readTags(name));
}

/** Reads the tags; none if the role may not read them, since it then cannot have written a record either. */
export async function readTagsIfAllowed(run: Reading, name: string): Promise<Tags> {
  return readTags(run, name).catch((error: unknown) => {
    if (isAws(error, 'AccessDenied')) return {};
    throw error;
  });
}

/**
 * Returns the confirmed original settings: whoever may tag the log group can write anything there, but not the physical id.
 *
 * No id exists before the response of a Create. The entry of this owner shows then that a run wrote the record a moment ago:
 * nobody else knows its key.
 */
export function confirmedOriginal(
  run: Run,
  { original, own }: LogGroupRecord,
  fromId: LogGroupState | undefined,
  now: LogGroupState | undefined,
  name: string,
): OriginalLogGroup | undefined {
  if (!original || !now || (!fromId && own)) return original;
  const doubts: string[] = [];
  const confirmed = confirmedSettings(original, fromId, now, name, doubts);
  for (const doubt of doubts) run.log.warn('not restored: the record is not confirmed', { doubt });
  return confirmed;
}

/** Saves the original settings and the entry of this owner in the tags, and removes what is obsolete. */
export async function saveLogGroupRecord(
  run: Run,
  name: string,
  ownerKey: string,
  found: Tags,
  record: LogGroupRecord,
): Promise<void> {
  const tags = logGroupTags(record, ownerKey);
  const missing = Object.entries(tags).filter(([key, value]) => found[key] !== value);
  if (missing.length > 0)
    await run.call(`record of the original settings of log group ${name}`, () =>
      run.aws.logs.tag(name, Object.fromEntries(missing)),
    );
  const keys = Object.keys(logGroupTags({ original: {}, own: {} }, ownerKey));
  const obsolete = keys.filter((key) => key in found && !(key in tags));
  if (obsolete.length > 0)
    await run.call(`removal of the record of log group ${name}`, () => run.aws.logs.untag(name, obsolete));
}

/** Drops the entry of this owner, and the original settings of what no other owner requires. */
export async function leaveRecord(run: Run, name: string, ownerKey: string, found: Tags): Promise<void> {
  const { original } = logGroupRecordIn(found, ownerKey);
  const others = coOwnersIn(ownerKey, found).map(requirementsOf);
  await saveLogGroupRecord(run, name, ownerKey, found, {
    original: original && originalToRecord(original, others),
  });
}
