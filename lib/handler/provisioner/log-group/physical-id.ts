import type { LogGroupState } from '../aws/ports';
import { targetIn } from '../runtime/physical-ids';

const LOG_GROUP = 'datafold-log-group:';
const NO_SETTINGS = 'unknown';

/** Returns the name of the log group and, after a `?`, which no such name contains, the settings that a Delete restores. */
export function logGroupId(logGroupName: string, { retentionInDays, kmsKeyArn }: LogGroupState): string {
  const before = new URLSearchParams();
  if (retentionInDays !== undefined) before.set('retentionInDays', String(retentionInDays));
  if (kmsKeyArn !== undefined) before.set('kmsKeyArn', kmsKeyArn);
  const query = before.size > 0 ? `?${before.toString()}` : '';
  return `${LOG_GROUP}${logGroupName}${query}`;
}

/** Returns the id of a log group with unknown settings: a Delete restores only what the tags record. */
export function logGroupIdWithoutSettings(logGroupName: string): string {
  return `${LOG_GROUP}${logGroupName}?${NO_SETTINGS}`;
}

/** True for every id of the log group. */
export function isOfLogGroup(physicalId: string, logGroupName: string): boolean {
  return targetIn(physicalId).split('?', 1)[0] === `${LOG_GROUP}${logGroupName}`;
}

/** Returns the settings in an id of the log group; undefined for other ids. */
export function settingsIn(physicalId: string, logGroupName: string): LogGroupState | undefined {
  const [name, query] = targetIn(physicalId).split('?', 2);
  if (name !== `${LOG_GROUP}${logGroupName}`) return undefined;
  const before = new URLSearchParams(query);
  if (before.has(NO_SETTINGS)) return undefined;
  const retentionInDays = Number(before.get('retentionInDays')) || undefined;
  return { retentionInDays, kmsKeyArn: before.get('kmsKeyArn') ?? undefined };
}
