import type { LogGroupRequest } from './properties';
import type { Run } from '../aws/run';
import { readPolicy } from './masking';
import { readTags } from './record';
import { concernsLogGroup, logRequirements, needsKey } from './requirements';
import { settingsFor } from './settings';

/** True if the tags have no entry of this owner: the log group was deleted and created again. */
export async function isRecreatedLogGroup(run: Run, name: string, ownerKey: string): Promise<boolean> {
  return !(needsKey(ownerKey) in (await readTags(run, name)));
}

/**
 * Describes the settings that a log group lacks after its deletion: RDS recreates it without retention, key and masking.
 *
 * Settings that were changed since are ignored.
 */
export async function missingInLogGroup(
  run: Run,
  desired: LogGroupRequest,
  ownerKey: string,
): Promise<string | undefined> {
  const { logGroupName: name } = desired;
  const needs = logRequirements(desired);
  if (!concernsLogGroup(needs)) return undefined;
  const now = await run.call(`settings of log group ${name}`, () => run.aws.logs.find(name));
  if (!now) return `The log group ${name} no longer exists.`;
  if (!(await isRecreatedLogGroup(run, name, ownerKey))) return undefined;
  const { retentionInDays, kmsKeyArn } = settingsFor({}, [needs]);
  const missing = [
    ...(retentionInDays !== undefined && now.retentionInDays === undefined
      ? [`its retention of ${retentionInDays} days`]
      : []),
    ...(kmsKeyArn !== undefined && now.kmsKeyArn === undefined ? [`its key ${kmsKeyArn}`] : []),
    ...(needs.masking && (await readPolicy(run, name)).text === undefined ? ['its masking'] : []),
  ];
  if (missing.length === 0) return undefined;
  const last = missing.pop();
  const list = missing.length > 0 ? `${missing.join(', ')} and ${last}` : last;
  return `The log group ${name} was deleted and created again: it lacks ${list}.`;
}
