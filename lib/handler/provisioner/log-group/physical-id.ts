import type { LogGroupState } from '../aws/ports';
import { targetIn } from '../runtime/physical-ids';

const LOG_GROUP = 'datafold-log-group:';
const NO_SETTINGS = 'unknown';

/** A log group, and after a `?`, which no such name has, the settings that a Delete puts back. */
export function logGroupId(logGroupName: string, { retentionInDays, kmsKeyArn }: LogGroupState): string {
  const before = new URLSearchParams();
  if (retentionInDays !== undefined) before.set('retentionInDays', String(retentionInDays));
  if (kmsKeyArn !== undefined) before.set('kmsKeyArn', kmsKeyArn);
  const query = before.size > 0 ? `?${before.toString()}` : '';
  return `${LOG_GROUP}${logGroupName}${query}`;
}

/** A log group that could not be asked for its settings: a Delete puts back what its tags say, and nothing else. */
export function logGroupIdWithoutSettings(logGroupName: string): string {
  return `${LOG_GROUP}${logGroupName}?${NO_SETTINGS}`;
}

/** True for any id of this log group. */
export function isOfLogGroup(physicalId: string, logGroupName: string): boolean {
  return targetIn(physicalId).split('?', 1)[0] === `${LOG_GROUP}${logGroupName}`;
}

/** The settings that an id of this log group remembers; undefined for an id of anything else. */
export function settingsIn(physicalId: string, logGroupName: string): LogGroupState | undefined {
  const [name, query] = targetIn(physicalId).split('?', 2);
  if (name !== `${LOG_GROUP}${logGroupName}`) return undefined;
  const before = new URLSearchParams(query);
  if (before.has(NO_SETTINGS)) return undefined;
  const retentionInDays = Number(before.get('retentionInDays')) || undefined;
  return { retentionInDays, kmsKeyArn: before.get('kmsKeyArn') ?? undefined };
}
