import type { LogGroupRequest } from '../log-group/properties';
import type { Need } from '../log-group/record-tags';
import { settingsFor } from '../log-group/settings';
import { changesOf } from './decide';
import type { Observed } from './observe';
import { defaultGroup, type ParameterName, type Settings, textOf } from './parameter-group';
import { EXPORT, type GroupSettings } from './plan';
import { isNeededBy, type LoggingRecord, type Other } from './record';

/** What a removal does, in this order. */
export interface RemovalPlan {
  readonly takeBack?: GroupSettings;
  readonly associate?: string;
  /** The group of before is put back, now or by an earlier run: instances may wait for a reboot. */
  readonly isBack: boolean;
  readonly disableExport: boolean;
  /** What somebody changed since, and is left alone. */
  readonly leftAlone: readonly string[];
}

export interface Circumstances {
  /** The group of before, where it is known for certain and still exists; else AWS's own takes its place. */
  readonly formerGroup?: string;
  /** Others need the group that was made. */
  readonly groupStays: boolean;
}

/** Puts back what was changed and still is as it was left. */
export function removalPlanFor(
  observed: Observed,
  record: LoggingRecord,
  { formerGroup, groupStays }: Circumstances,
): RemovalPlan {
  const { server, group, ownGroup } = observed;
  const former = formerGroup ?? defaultGroup(group.family);
  const { takeBack, leftAlone } = settingsToPutBack(observed, record, groupStays);
  if (record.own && group.name !== ownGroup && group.name !== former)
    leftAlone.push(`the parameter group, which is ${group.name} now`);
  const associate = group.name === ownGroup && !groupStays ? former : undefined;
  return {
    takeBack,
    associate,
    isBack: associate !== undefined || (record.own !== undefined && group.name === former),
    disableExport: record.exportWasOff === true && server.exports.includes(EXPORT),
    leftAlone,
  };
}

/** Of a group that stays: ours goes as a whole. */
function settingsToPutBack({ group, ownGroup }: Observed, record: LoggingRecord, groupStays: boolean) {
  const leftAlone: string[] = [];
  const changed = record.changed?.group;
  if (changed !== group.name || (changed === ownGroup && !groupStays)) return { leftAlone };
  const now = group.settings;
  const settings: Record<string, Settings[ParameterName]> = {};
  for (const [name, change] of Object.entries(changesOf(record, changed))) {
    const { value } = now[name as ParameterName] ?? change.before;
    if (value === change.set.value) settings[name] = change.before;
    else if (value !== change.before.value)
      leftAlone.push(`${name} in the parameter group ${changed}, which is ${textOf({ value })} now`);
  }
  const some = Object.keys(settings).length > 0;
  return { takeBack: some ? { group: changed, settings: settings as Settings } : undefined, leftAlone };
}

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
