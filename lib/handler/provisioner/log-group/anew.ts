import type { LogGroupRequest } from './properties';
import type { Run } from '../aws/run';
import { readPolicy } from './masking';
import { settingsFor, requestedSettings } from './settings';
import { tagPrefix } from './record-tags';

/** True where nothing says that this custom resource ever set up the log group: somebody deleted it, and it was made again. */
export async function isMadeAnew(run: Run, name: string, ownerKey: string): Promise<boolean> {
  const tags = await run.call(`tags of log group ${name}`, () => run.aws.logs.readTags(name));
  const prefix = tagPrefix(ownerKey);
  return !Object.keys(tags).some((key) => key.startsWith(prefix));
}

/**
 * What a log group lacks since somebody deleted it: RDS makes it anew, without retention, key and masking.
 *
 * What somebody set since is theirs.
 */
export async function missingInLogGroup(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
): Promise<string | undefined> {
  const { logGroupName: name } = desired;
  const requested = requestedSettings(desired);
  if (requested.length === 0) return undefined;
  const now = await run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
  if (!now) return `The log group ${name} does not exist any more.`;
  if (!(await isMadeAnew(run, name, ownerKey))) return undefined;
  const { retentionInDays, kmsKeyArn } = settingsFor({}, desired);
  const missing = [
    ...(retentionInDays !== undefined && now.retentionInDays === undefined
      ? [`its retention of ${retentionInDays} days`]
      : []),
    ...(kmsKeyArn !== undefined && now.kmsKeyArn === undefined ? [`its key ${kmsKeyArn}`] : []),
    ...(requested.includes('masking') && (await readPolicy(run, name)).text === undefined
      ? ['its masking']
      : []),
  ];
  if (missing.length === 0) return undefined;
  const last = missing.pop();
  const list = missing.length > 0 ? `${missing.join(', ')} and ${last}` : last;
  return `The log group ${name} was deleted and made anew: it lacks ${list}.`;
}
