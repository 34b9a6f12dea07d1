import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';

/** Statements are what all need, and their export; the rest is what some wished for. */
const REQUIREMENTS = ['statements', 'no-bind-values', 'retention', 'key', 'masking'] as const;
export type Need = (typeof REQUIREMENTS)[number];

/** What tags say of the needs of one custom resource, and of the log group before it. */
export interface LogGroupRecord {
  /** What this custom resource needs: others must not take it away. */
  readonly requirements?: readonly Need[];
  /** The log group's settings; `made`: there was none. */
  readonly logGroup?: LogGroupState & { readonly made: boolean };
}

/** What is needed in one list or in another. */
export function mergeRequirements(...lists: readonly (readonly Need[])[]): Need[] {
  return REQUIREMENTS.filter((need) => lists.some((list) => list.includes(need)));
}

/** The prefix of the tags of one custom resource. */
export function tagPrefix(ownerKey: string): string {
  return `datafold:${ownerKey.slice(0, 16)}:`;
}

/** Tags hold letters, digits, spaces and `_ . : / = + - @`, in at most 256 characters. */
export function logGroupTagsOf({ requirements, logGroup }: LogGroupRecord, prefix: string): Tags {
  return {
    ...(requirements && { [`${prefix}needs`]: requirements.join(' ') }),
    ...(logGroup && { [`${prefix}log-group`]: logGroupText(logGroup) }),
  };
}

/** The record that tags hold; tags of others are passed over. */
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
