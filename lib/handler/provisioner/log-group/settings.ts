import type { LogGroupState } from '../aws/ports';
import {
  concernsLogGroup,
  isRequired,
  requirementsOf,
  type CoOwner,
  type OriginalLogGroup,
  type Requirements,
} from './requirements';

/** The settings of a log group that owners require and that are restored. */
export type Settings = Pick<LogGroupState, 'retentionInDays' | 'kmsKeyArn'>;

/** The CDK's number for infinite retention. */
const INFINITE = 9999;

/** Returns the settings of a log group by its original settings and the requirements of its owners; the first key counts. */
export function settingsFor(original: Settings, requirements: readonly Requirements[]): Settings {
  const retentions = requirements.flatMap((one) =>
    one.retentionInDays === undefined ? [] : [retentionFor(original.retentionInDays, one)],
  );
  const longest = Math.max(...retentions.map(daysOf));
  return {
    retentionInDays: retentions.length === 0 ? original.retentionInDays : retentionOf(longest),
    kmsKeyArn: requirements.find(({ kmsKeyArn }) => kmsKeyArn)?.kmsKeyArn ?? original.kmsKeyArn,
  };
}

/**
 * Returns the settings that the log group gets.
 *
 * An entry of another owner that is not confirmed neither shortens the retention nor sets a key.
 */
export function desiredSettings(
  original: Settings,
  own: readonly Requirements[],
  coOwners: readonly CoOwner[],
  now: Settings,
): Settings {
  const confirmed = coOwners.filter(({ isConfirmed }) => isConfirmed).map(requirementsOf);
  const desired = settingsFor(original, [...own, ...coOwners.map(requirementsOf)]);
  const trusted = settingsFor(original, [...own, ...confirmed]);
  const [days, least, current] = [desired, trusted, now].map(({ retentionInDays }) =>
    daysOf(retentionInDays),
  );
  const isKeyTrusted = [trusted.kmsKeyArn, now.kmsKeyArn, undefined].includes(desired.kmsKeyArn);
  return {
    retentionInDays: retentionOf(days >= Math.min(least, current) ? days : Math.max(least, current)),
    kmsKeyArn: isKeyTrusted ? desired.kmsKeyArn : now.kmsKeyArn,
  };
}

/** Returns the settings after a removal. A log group that was created keeps its retention, so that its events still expire. */
export function settingsAfter(
  original: OriginalLogGroup,
  coOwners: readonly CoOwner[],
  now: Settings,
): Settings {
  const desired = desiredSettings(original, [], coOwners, now);
  const isKept =
    original.madeBy !== undefined && !isRequired(coOwners.map(requirementsOf), 'retentionInDays');
  return isKept ? { ...desired, retentionInDays: now.retentionInDays } : desired;
}

/** Returns the values that the owners and this library may have set: another value was set by somebody else. */
export function knownSettings(
  original: Settings,
  own: readonly Requirements[],
  coOwners: readonly CoOwner[],
): Settings[] {
  const others = coOwners.map(requirementsOf);
  return [others, ...own.map((one) => [one, ...others])].map((all) => settingsFor(original, all));
}

/** Returns the original settings: the recorded ones, and the current value of each setting that no owner required before. */
export function originalFor(
  now: Settings,
  recorded: OriginalLogGroup,
  before: readonly Requirements[],
): OriginalLogGroup {
  const from = (setting: keyof Settings) => (isRequired(before, setting) ? recorded : now);
  const { madeBy } = recorded;
  return {
    ...(madeBy !== undefined && { madeBy }),
    retentionInDays: from('retentionInDays').retentionInDays,
    kmsKeyArn: from('kmsKeyArn').kmsKeyArn,
  };
}

/** Returns the original settings to record: of those that some owner requires. Undefined if no owner requires any. */
export function originalToRecord(
  { retentionInDays, kmsKeyArn, ...original }: OriginalLogGroup,
  requirements: readonly Requirements[],
): OriginalLogGroup | undefined {
  if (!requirements.some(concernsLogGroup)) return undefined;
  return {
    ...original,
    ...(isRequired(requirements, 'retentionInDays') && { retentionInDays }),
    ...(isRequired(requirements, 'kmsKeyArn') && { kmsKeyArn }),
  };
}

/** An unlimited retention is the default of RDS and may be shortened; a number of days was chosen by somebody. */
function retentionFor(
  original: number | undefined,
  { retentionInDays, shortenRetention }: Requirements,
): number | undefined {
  if (retentionInDays === INFINITE) return undefined;
  if (original === undefined || shortenRetention) return retentionInDays;
  return Math.max(original, retentionInDays ?? 0);
}

const daysOf = (retentionInDays: number | undefined) => retentionInDays ?? Infinity;
const retentionOf = (days: number) => (days === Infinity ? undefined : days);

/**
 * Returns the original settings by a record, confirmed by evidence that needs another permission to forge.
 *
 * Without confirmation the record neither shortens the retention, which deletes events, nor sets a key: the current value is
 * kept.
 */
export function confirmedSettings<T extends Settings>(
  recorded: T,
  evidence: Settings | undefined,
  now: Settings,
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

function isHarmless(setting: keyof Settings, { retentionInDays, kmsKeyArn }: Settings, now: Settings) {
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
): { readonly what: string; readonly sentence: string; readonly next: string } | undefined {
  if (logGroupClass === undefined || logGroupClass === STANDARD) return undefined;
  const what = `log group ${logGroupName} has the class ${logGroupClass}, in which Datafold finds nothing: FilterLogEvents works only in the class ${STANDARD}`;
  return {
    what: `the ${what}`,
    sentence: `The ${what}.`,
    next: `AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${logGroupName} && aws logs create-log-group --log-group-name ${logGroupName}. RDS continues to write there.`,
  };
}

/** Also the class of a log group without `logGroupClass`. */
const STANDARD = 'STANDARD';
