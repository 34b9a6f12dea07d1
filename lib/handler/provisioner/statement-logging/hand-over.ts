import type { LogGroupRequest } from '../log-group/properties';
import { settingsFor } from '../log-group/settings';
import type { Observed } from './observed';
import { isNeededBy, type Other } from './others';
import type { ParameterName } from './parameters';
import type { LoggingRecord, Need } from './record';

/** What becomes of a record when its owner goes and others stay. */
export interface HandOver {
  /** What the one that goes puts back itself. */
  readonly rest: LoggingRecord;
  /** The others whose record becomes another one. */
  readonly heirs: readonly Other[];
  /** The group in effect was made by the one that goes, and stays. */
  readonly groupStays: boolean;
}

type Draft = { -readonly [K in keyof LoggingRecord]: LoggingRecord[K] };
type HeirFor = (need: Need) => Draft | undefined;

const NEED_FOR: Readonly<Record<ParameterName, Need>> = {
  log_statement: 'statements',
  log_parameter_max_length: 'no-bind-values',
};

/**
 * Gives what others need to one of them, which puts it back when it goes itself. So the last one leaves the server as it was
 * before the first one came.
 */
export function handOver(
  record: LoggingRecord,
  others: readonly Other[],
  { group }: Observed,
  log: LogGroupRequest,
): HandOver {
  const records = new Map(others.map((other) => [other.prefix, { ...other.record } as Draft]));
  const heirFor: HeirFor = (need) => {
    const heir = others.find((other) => isNeededBy(other, need));
    return heir && records.get(heir.prefix);
  };
  const rest: Draft = { ...record };
  const first = heirFor('statements');
  const groupStays = first !== undefined && record.own?.name === group.name;
  if (groupStays) {
    first.own = record.own;
    delete rest.own;
  }
  if (first && record.exportWasOff) {
    first.exportWasOff = true;
    delete rest.exportWasOff;
  }
  if (record.changed) rest.changed = handOverChanges(record.changed, heirFor, group.name);
  if (record.logGroup) rest.logGroup = handOverLogGroup(record.logGroup, heirFor, log);
  const heirs = others.map(({ prefix }) => ({ prefix, record: records.get(prefix)! }));
  return { rest, heirs, groupStays };
}

/** Keeps the changes that nobody else needs. A group that is not in effect any more is nothing to the others. */
function handOverChanges(
  changed: NonNullable<LoggingRecord['changed']>,
  heirFor: HeirFor,
  group: string,
): LoggingRecord['changed'] {
  if (changed.group !== group) return changed;
  const kept = Object.entries(changed.changes).filter(([name, change]) => {
    const heir = heirFor(NEED_FOR[name as ParameterName]);
    // What the successor changed in a group that the server has no more is not put back: only tags know of it.
    const known = heir?.changed?.group === group ? heir.changed.changes : {};
    if (heir) heir.changed = { group, changes: { [name]: change, ...known } };
    return !heir;
  });
  return kept.length > 0 ? { group, changes: Object.fromEntries(kept) } : undefined;
}

/** What is handed over counts as found: there is nothing to put back. */
function handOverLogGroup(
  before: NonNullable<LoggingRecord['logGroup']>,
  heirFor: HeirFor,
  log: LogGroupRequest,
): NonNullable<LoggingRecord['logGroup']> {
  const left = settingsFor(before, log);
  const rest = { ...before };
  const give = (need: Need, setting: 'retentionInDays' | 'kmsKeyArn') => {
    const heir = heirFor(need);
    if (!heir?.logGroup) return;
    Object.assign(rest, { [setting]: left[setting] });
    if (heir.logGroup[setting] !== left[setting]) return;
    heir.logGroup = { ...heir.logGroup, [setting]: before[setting], made: heir.logGroup.made || before.made };
  };
  give('retention', 'retentionInDays');
  give('key', 'kmsKeyArn');
  return rest;
}
