import type { LogGroupState } from '../aws/ports';
import type { LogGroupRequest } from './properties';
import type { Need } from './record-tags';

/** CDK's word for an infinite retention. */
const INFINITE = 9999;

export interface RequestedSettings {
  readonly retentionInDays?: number;
  readonly shortenRetention: boolean;
  readonly kmsKeyArn?: string;
}

/** The settings that there is a wish for. */
export function requestedSettings({
  retentionInDays,
  kmsKeyArn,
  maskedDataIdentifiers,
}: LogGroupRequest): Need[] {
  return [
    ...(retentionInDays === undefined ? [] : ['retention' as const]),
    ...(kmsKeyArn === undefined ? [] : ['key' as const]),
    ...(maskedDataIdentifiers.length === 0 ? [] : ['masking' as const]),
  ];
}

/** The settings before us: as recorded, but what is wished for the first time was somebody else's until now. */
export function settingsBefore<T extends LogGroupState>(
  now: LogGroupState,
  recorded: T,
  known: readonly Need[],
  desired: LogGroupRequest,
): T {
  const added = requestedSettings(desired).filter((wish) => !known.includes(wish));
  return {
    ...recorded,
    ...(added.includes('retention') && { retentionInDays: now.retentionInDays }),
    ...(added.includes('key') && { kmsKeyArn: now.kmsKeyArn }),
  };
}

/** What a log group should be set to, given what it was set to before us. */
export function settingsFor(before: LogGroupState, desired: RequestedSettings): LogGroupState {
  return {
    retentionInDays: retentionFor(before.retentionInDays, desired),
    kmsKeyArn: desired.kmsKeyArn ?? before.kmsKeyArn,
  };
}

/** What is put back. A group that was made keeps its retention, so that what it holds still expires. */
export function settingsAfter(
  before: LogGroupState & { readonly made?: boolean },
  desired: RequestedSettings,
): LogGroupState {
  const { retentionInDays } = before.made ? settingsFor(before, desired) : before;
  return { retentionInDays, kmsKeyArn: before.kmsKeyArn };
}

/** Never-expire is what RDS makes by itself, so nobody's decision; a number of days is somebody's. */
function retentionFor(before: number | undefined, { retentionInDays, shortenRetention }: RequestedSettings) {
  if (retentionInDays === undefined) return before;
  if (retentionInDays === INFINITE) return undefined;
  if (before === undefined || shortenRetention) return retentionInDays;
  return Math.max(before, retentionInDays);
}

/**
 * The settings before us, by a record and by evidence that whoever forged the record could not write with the same right.
 *
 * Where they differ, nothing shortens the retention, which deletes what was logged, and nothing brings a key in: such a
 * setting is left as it is now.
 */
export function confirmedSettings<T extends LogGroupState>(
  recorded: T,
  evidence: LogGroupState | undefined,
  now: LogGroupState,
  logGroupName: string,
  doubts: string[],
): T {
  const settings = { ...recorded };
  for (const setting of ['retentionInDays', 'kmsKeyArn'] as const) {
    const value = recorded[setting];
    if (value === now[setting] || (evidence && evidence[setting] === value)) continue;
    if (isHarmless(setting, recorded, now)) continue;
    const useEvidence = evidence !== undefined && isHarmless(setting, evidence, now);
    Object.assign(settings, { [setting]: (useEvidence ? evidence : now)[setting] });
    const what = setting === 'kmsKeyArn' ? `the key ${value}` : `a retention of ${value} days`;
    doubts.push(
      `A tag says that the log group ${logGroupName} had ${what} before, which nothing else confirms: that is not put back.`,
    );
  }
  return settings;
}

function isHarmless(
  setting: keyof LogGroupState,
  { retentionInDays, kmsKeyArn }: LogGroupState,
  now: LogGroupState,
) {
  if (setting === 'kmsKeyArn') return kmsKeyArn === undefined;
  return (retentionInDays ?? Infinity) >= (now.retentionInDays ?? Infinity);
}

/**
 * Why Datafold can't read a log group of that class, and what to do; undefined for one that it can read.
 *
 * Datafold calls FilterLogEvents. AWS: "The Standard log class supports all CloudWatch Logs features", the others "a subset",
 * and "The value of logGroupClass can't be changed after a log group is created" (API reference, CreateLogGroup). Infrequent
 * Access has neither GetLogEvents nor FilterLogEvents (CloudWatch Logs user guide, "Log classes"); DescribeLogGroups lists
 * Essentials together with it, and Delivery keeps events for one day.
 */
export function logClassProblem(
  logGroupName: string,
  logGroupClass: string | undefined,
): { readonly what: string; readonly next: string } | undefined {
  if (logGroupClass === undefined || logGroupClass === STANDARD) return undefined;
  return {
    what: `the log group ${logGroupName} is of the class ${logGroupClass}, in which Datafold finds nothing: FilterLogEvents works in the class ${STANDARD} only`,
    next: `AWS lets nobody change the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${logGroupName} && aws logs create-log-group --log-group-name ${logGroupName}. RDS goes on writing there.`,
  };
}

/** What a log group without a class is of, too. */
const STANDARD = 'STANDARD';
