import type { LogGroupState } from '../aws/ports';
import type { LogGroupRequest } from './properties';
import type { Need } from './record-tags';

/** The CDK's number for infinite retention. */
const INFINITE = 9999;

export interface RequestedSettings {
  readonly retentionInDays?: number;
  readonly shortenRetention: boolean;
  readonly kmsKeyArn?: string;
}

/** Returns the requested settings. */
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

/** Returns the original settings: the recorded ones, and the current value of each setting that is requested for the first time. */
export function settingsBefore<T extends LogGroupState>(
  now: LogGroupState,
  recorded: T,
  known: readonly Need[],
  desired: LogGroupRequest,
): T {
  const added = requestedSettings(desired).filter((setting) => !known.includes(setting));
  return {
    ...recorded,
    ...(added.includes('retention') && { retentionInDays: now.retentionInDays }),
    ...(added.includes('key') && { kmsKeyArn: now.kmsKeyArn }),
  };
}

/** Returns the desired settings of a log group with the given original settings. */
export function settingsFor(before: LogGroupState, desired: RequestedSettings): LogGroupState {
  return {
    retentionInDays: retentionFor(before.retentionInDays, desired),
    kmsKeyArn: desired.kmsKeyArn ?? before.kmsKeyArn,
  };
}

/** Returns the settings after a removal. A group that was created keeps its retention, so that its events still expire. */
export function settingsAfter(
  before: LogGroupState & { readonly made?: boolean },
  desired: RequestedSettings,
): LogGroupState {
  const { retentionInDays } = before.made ? settingsFor(before, desired) : before;
  return { retentionInDays, kmsKeyArn: before.kmsKeyArn };
}

/** An unlimited retention is the default of RDS and may be shortened; a number of days was chosen by somebody. */
function retentionFor(before: number | undefined, { retentionInDays, shortenRetention }: RequestedSettings) {
  if (retentionInDays === undefined) return before;
  if (retentionInDays === INFINITE) return undefined;
  if (before === undefined || shortenRetention) return retentionInDays;
  return Math.max(before, retentionInDays);
}

/**
 * Returns the original settings by a record, confirmed by evidence that needs another permission to forge.
 *
 * Without confirmation the record neither shortens the retention, which deletes events, nor sets a key: the current value is
 * kept.
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
      `A tag says that the log group ${logGroupName} had ${what} before, but nothing else confirms that: it is not restored.`,
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
 * Returns why Datafold can't read a log group of the class, and what to do; undefined if Datafold can read it.
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
    what: `the log group ${logGroupName} has the class ${logGroupClass}, in which Datafold finds nothing: FilterLogEvents works only in the class ${STANDARD}`,
    next: `AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${logGroupName} && aws logs create-log-group --log-group-name ${logGroupName}. RDS continues to write there.`,
  };
}

/** Also the class of a log group without `logGroupClass`. */
const STANDARD = 'STANDARD';
