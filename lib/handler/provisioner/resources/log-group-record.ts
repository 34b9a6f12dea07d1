import { isAws } from '../aws/failure';
import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import type { LogGroupRequest } from '../parse/log-group';
import type { Run } from '../run';
import { recordFrom, tagPrefix, tagsOf } from './statement-logging/record';

type Settings = LogGroupState & { readonly made: boolean };

/** The tags that remember what a log group was set to; they are written before anything is changed. */
export function recordTags(settings: Settings, ownerKey: string): Tags {
  return tagsOf({ logGroup: settings }, tagPrefix(ownerKey));
}

/** True where a log group is changed, so that there is something to remember. */
export function changesGroup(wanted: LogGroupRequest): boolean {
  const { retentionInDays, kmsKeyArn, maskedDataIdentifiers } = wanted;
  return retentionInDays !== undefined || kmsKeyArn !== undefined || maskedDataIdentifiers.length > 0;
}

/** The settings before this custom resource, by its tags; undefined where it wrote none. */
export async function recordedSettings(
  run: Run,
  name: string,
  ownerKey: string,
): Promise<LogGroupState | undefined> {
  return recordFrom(await readTags(run, name), tagPrefix(ownerKey)).logGroup;
}

/** The same for a Delete. Who may not read tags has written none: nothing was changed, or an old release did it. */
export async function recordedIfReadable(
  run: Run,
  name: string,
  ownerKey: string,
): Promise<LogGroupState | undefined> {
  try {
    return await recordedSettings(run, name, ownerKey);
  } catch (error) {
    if (isAws(error, 'AccessDenied')) return undefined;
    throw error;
  }
}

export async function writeRecord(
  run: Run,
  name: string,
  before: LogGroupState,
  ownerKey: string,
): Promise<void> {
  const tags = recordTags({ made: false, ...before }, ownerKey);
  await run.call(`record of the former settings of log group ${name}`, () => run.aws.logs.tag(name, tags));
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
