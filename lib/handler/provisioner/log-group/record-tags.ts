import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';

/** Every owner requires `statements`, which includes their export; the others are optional. */
const REQUIREMENTS = ['statements', 'no-bind-values', 'retention', 'key', 'masking'] as const;
export type Need = (typeof REQUIREMENTS)[number];

/** The requirements of one custom resource and the original settings of the log group, as recorded in tags. */
export interface LogGroupRecord {
  /** What this custom resource needs: other owners must not revert it. */
  readonly requirements?: readonly Need[];
  /** The original settings of the log group; `made`: it did not exist. */
  readonly logGroup?: LogGroupState & { readonly made: boolean };
}

/** Returns the union of the lists. */
export function mergeRequirements(...lists: readonly (readonly Need[])[]): Need[] {
  return REQUIREMENTS.filter((need) => lists.some((list) => list.includes(need)));
}

/** Returns the prefix of the tags of one custom resource. */
export function tagPrefix(ownerKey: string): string {
  return `datafold:${ownerKey.slice(0, 16)}:`;
}

/** Returns the tags of a record. AWS allows letters, digits, spaces and `_ . : / = + - @`, at most 256 characters. */
export function logGroupTagsOf({ requirements, logGroup }: LogGroupRecord, prefix: string): Tags {
  return {
    ...(requirements && { [`${prefix}needs`]: requirements.join(' ') }),
    ...(logGroup && { [`${prefix}log-group`]: logGroupText(logGroup) }),
  };
}

/** Parses the record in tags; tags of other owners are ignored. */
export function logGroupRecordFrom(tags: Tags, prefix: string): LogGroupRecord {
  const requirements = tags[`${prefix}needs`]?.split(' ');
  const logGroup = tags[`${prefix}log-group`];
  return {
    ...(requirements && { requirements: REQUIREMENTS.filter((need) => requirements.includes(need)) }),
    ...(logGroup && { logGroup: logGroupFrom(logGroup) }),
  };
}

function logGroupText({ made, retentionInDays, kmsKeyArn }: NonNullable<LogGroupRecord['logGroup']>): string {
  return [
    made ? 'made' : 'found',
    ...(retentionInDays === undefined ? [] : [`retention=${retentionInDays}`]),
    ...(kmsKeyArn === undefined ? [] : [`key=${kmsKeyArn}`]),
  ].join(' ');
}

function logGroupFrom(text: string): NonNullable<LogGroupRecord['logGroup']> {
  const days = /\bretention=(\d+)/.exec(text)?.[1];
  const kmsKeyArn = / key=(\S+)/.exec(text)?.[1];
  return {
    made: text.startsWith('made'),
    ...(days && { retentionInDays: Number(days) }),
    ...(kmsKeyArn && { kmsKeyArn }),
  };
}
