import type { LogGroupState } from '../aws/ports';
import type { Tags } from '../aws/rds-ports';
import type { LogGroupRequest } from './properties';

/** What one owner, a custom resource of a stack, requires of a server and its log group. */
export interface Requirements {
  /** The statements are logged and exported. Every owner of a server requires this. */
  readonly statements?: true;
  readonly noBindValues?: true;
  readonly retentionInDays?: number;
  readonly shortenRetention?: true;
  readonly kmsKeyArn?: string;
  readonly masking?: true;
}

/** The original settings of a log group that some owner requires; a setting that no owner requires is not recorded. */
export interface OriginalLogGroup extends Pick<LogGroupState, 'retentionInDays' | 'kmsKeyArn'> {
  /** The id of the owner that created the log group; undefined if it existed before. */
  readonly madeBy?: string;
}

/** The original settings of a log group, and what one owner requires. */
export interface LogGroupRecord {
  readonly original?: OriginalLogGroup;
  /** Undefined if the owner has no entry. */
  readonly own?: Requirements;
}

/** Another owner, of any stack. */
export interface CoOwner {
  readonly requirements: Requirements;
  /** True if server and log group have the same entry: nobody who may tag only one of them wrote it. */
  readonly isConfirmed: boolean;
}

/** The prefix of the tags with the original settings, which all owners share. */
export const ORIGINAL = 'datafold:original:';
const LOG_GROUP = `${ORIGINAL}log-group`;
const NEEDS = /^datafold:[0-9a-f]{16}:needs$/;

/** True for the key of a tag of the record, whatever its owner. */
export function isOfRecord(key: string): boolean {
  return key.startsWith(ORIGINAL) || NEEDS.test(key);
}

/** Returns the id of an owner in tags. */
export function ownerId(ownerKey: string): string {
  return ownerKey.slice(0, 16);
}

/** Returns the key of the tag with the requirements of an owner. */
export function needsKey(ownerKey: string): string {
  return `datafold:${ownerId(ownerKey)}:needs`;
}

/** Returns what a request requires of the log group. */
export function logRequirements(request: LogGroupRequest): Requirements {
  const { logRetention: retentionInDays, shortenLogRetention, logEncryptionKey: kmsKeyArn } = request;
  return {
    ...(retentionInDays !== undefined && { retentionInDays }),
    ...(retentionInDays !== undefined && shortenLogRetention && { shortenRetention: true }),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    ...(request.maskedData.length > 0 && { masking: true }),
  };
}

/** True if an owner requires a setting of the log group. */
export function concernsLogGroup({ retentionInDays, kmsKeyArn, masking }: Requirements = {}): boolean {
  return retentionInDays !== undefined || kmsKeyArn !== undefined || masking === true;
}

/**
 * Returns the tags with the original settings of the log group and the requirements of an owner.
 *
 * AWS allows letters, digits, spaces and `_ . : / = + - @`, at most 256 characters.
 */
export function logGroupTags({ original, own }: LogGroupRecord, ownerKey: string): Tags {
  return {
    ...(own && { [needsKey(ownerKey)]: needsText(own) }),
    ...(original && { [LOG_GROUP]: originalText(original) }),
  };
}

/** Parses the record in tags. */
export function logGroupRecordIn(tags: Tags, ownerKey: string): LogGroupRecord {
  const [original, own] = [tags[LOG_GROUP], tags[needsKey(ownerKey)]];
  return {
    ...(original !== undefined && { original: originalFrom(original) }),
    ...(own !== undefined && { own: requirementsFrom(own) }),
  };
}

/** Returns the other owners in the tags of a server, of its log group, or of both, in a stable order. */
export function coOwnersIn(ownerKey: string, ...places: readonly Tags[]): CoOwner[] {
  const keys = new Set(places.flatMap((tags) => Object.keys(tags).filter((key) => NEEDS.test(key))));
  keys.delete(needsKey(ownerKey));
  return [...keys].sort().flatMap((key) => {
    const texts = places.flatMap((tags) => tags[key] ?? []);
    const different = [...new Set(texts)];
    const isConfirmed = texts.length > 1 && different.length === 1;
    return different.map((text) => ({ requirements: requirementsFrom(text), isConfirmed }));
  });
}

export function requirementsOf({ requirements }: CoOwner): Requirements {
  return requirements;
}

/** True if one of the requirements is about the setting. */
export function isRequired(requirements: readonly Requirements[], setting: keyof Requirements): boolean {
  return requirements.some((one) => one[setting] !== undefined);
}

function needsText(needs: Requirements): string {
  return [
    ...(needs.statements ? ['statements'] : []),
    ...(needs.noBindValues ? ['no-bind-values'] : []),
    ...settingsText(needs),
    ...(needs.shortenRetention ? ['shorten'] : []),
    ...(needs.masking ? ['masking'] : []),
  ].join(' ');
}

function requirementsFrom(text: string): Requirements {
  const words = text.split(' ');
  return {
    ...(words.includes('statements') && { statements: true }),
    ...(words.includes('no-bind-values') && { noBindValues: true }),
    ...settingsIn(text),
    ...(words.includes('shorten') && { shortenRetention: true }),
    ...(words.includes('masking') && { masking: true }),
  };
}

function originalFrom(text: string): OriginalLogGroup {
  const madeBy = /^made by=(\S+)/.exec(text)?.[1];
  return { ...(madeBy && { madeBy }), ...settingsIn(text) };
}

function originalText({ madeBy, ...settings }: OriginalLogGroup): string {
  return [madeBy === undefined ? 'found' : `made by=${madeBy}`, ...settingsText(settings)].join(' ');
}

function settingsText({ retentionInDays, kmsKeyArn }: LogGroupState): string[] {
  return [
    ...(retentionInDays === undefined ? [] : [`retention=${retentionInDays}`]),
    ...(kmsKeyArn === undefined ? [] : [`key=${kmsKeyArn}`]),
  ];
}

function settingsIn(text: string): Pick<LogGroupState, 'retentionInDays' | 'kmsKeyArn'> {
  const days = /(?:^| )retention=(\d{1,4})(?: |$)/.exec(text)?.[1];
  const kmsKeyArn = /(?:^| )key=(\S+)/.exec(text)?.[1];
  return { ...(days && { retentionInDays: Number(days) }), ...(kmsKeyArn && { kmsKeyArn }) };
}
