import type { LogGroupRequest } from '../log-group/properties';
import type { Need } from '../log-group/record-tags';
import { settingsFor } from '../log-group/settings';
import { changesOf } from './decide';
import type { Observed } from './observe';
import { defaultGroup, type ParameterName, type Settings, textOf } from './parameter-group';
import { EXPORT, type GroupSettings } from './plan';
import { isNeededBy, type LoggingRecord, type CoOwner } from './record';

/** What a removal does, in this order. */
export interface RemovalPlan {
  readonly revert?: GroupSettings;
  readonly associate?: string;
  /** The group of before is put back, now or by an earlier run: instances may wait for a reboot. */
  readonly isBack: boolean;
  readonly disableExport: boolean;
  /** What somebody changed since, and is left alone. */
  readonly leftAlone: readonly string[];
}

export interface Circumstances {
  /** The group of before, where it is known for certain and still exists; else AWS's own takes its place. */
  readonly originalGroup?: string;
  /** Others need the group that was made. */
  readonly isGroupKept: boolean;
}

/** Puts back what was changed and still is as it was left. */
export function removalPlanFor(
  observed: Observed,
  record: LoggingRecord,
  { originalGroup, isGroupKept }: Circumstances,
): RemovalPlan {
  const { server, group, ownGroup } = observed;
  const former = originalGroup ?? defaultGroup(group.family);
  const { revert, leftAlone } = settingsToRestore(observed, record, isGroupKept);
  if (record.own && group.name !== ownGroup && group.name !== former)
    leftAlone.push(`the parameter group, which is ${group.name} now`);
  const associate = group.name === ownGroup && !isGroupKept ? former : undefined;
  return {
    revert,
    associate,
    isBack: associate !== undefined || (record.own !== undefined && group.name === former),
    disableExport: record.exportWasOff === true && server.exports.includes(EXPORT),
    leftAlone,
  };
}

/** Of a group that stays: ours goes as a whole. */
function settingsToRestore({ group, ownGroup }: Observed, record: LoggingRecord, isGroupKept: boolean) {
  const leftAlone: string[] = [];
  const changed = record.changed?.group;
  if (changed !== group.name || (changed === ownGroup && !isGroupKept)) return { leftAlone };
  const now = group.settings;
  const settings: Record<string, Settings[ParameterName]> = {};
  for (const [name, change] of Object.entries(changesOf(record, changed))) {
    const { value } = now[name as ParameterName] ?? change.before;
    if (value === change.set.value) settings[name] = change.before;
    else if (value !== change.before.value)
      leftAlone.push(`${name} in the parameter group ${changed}, which is ${textOf({ value })} now`);
  }
  const some = Object.keys(settings).length > 0;
  return { revert: some ? { group: changed, settings: settings as Settings } : undefined, leftAlone };
}

/** What becomes of a record when its owner goes and others stay. */
export interface Transfer {
  /** What the one that goes puts back itself. */
  readonly rest: LoggingRecord;
  /** The others whose record becomes another one. */
  readonly successors: readonly CoOwner[];
  /** The group in effect was made by the one that goes, and stays. */
  readonly isGroupKept: boolean;
}

type Draft = { -readonly [K in keyof LoggingRecord]: LoggingRecord[K] };
type SuccessorFor = (need: Need) => Draft | undefined;

const NEED_FOR: Readonly<Record<ParameterName, Need>> = {
  log_statement: 'statements',
  log_parameter_max_length: 'no-bind-values',
};

/**
 * Gives what others need to one of them, which puts it back when it goes itself. So the last one leaves the server as it was
 * before the first one came.
 */
export function transferRecord(
  record: LoggingRecord,
  others: readonly CoOwner[],
  { group }: Observed,
  log: LogGroupRequest,
): Transfer {
  const records = new Map(others.map((other) => [other.prefix, { ...other.record } as Draft]));
  const successorFor: SuccessorFor = (need) => {
    const successor = others.find((other) => isNeededBy(other, need));
    return successor && records.get(successor.prefix);
  };
  const rest: Draft = { ...record };
  const first = successorFor('statements');
  const isGroupKept = first !== undefined && record.own?.name === group.name;
  if (isGroupKept) {
    first.own = record.own;
    delete rest.own;
  }
  if (first && record.exportWasOff) {
    first.exportWasOff = true;
    delete rest.exportWasOff;
  }
  if (record.changed) rest.changed = transferChanges(record.changed, successorFor, group.name);
  if (record.logGroup) rest.logGroup = transferLogGroup(record.logGroup, successorFor, log);
  const successors = others.map(({ prefix }) => ({ prefix, record: records.get(prefix)! }));
  return { rest, successors, isGroupKept };
}

/** Keeps the changes that nobody else needs. A group that is not in effect any more is nothing to the others. */
function transferChanges(
  changed: NonNullable<LoggingRecord['changed']>,
  successorFor: SuccessorFor,
  group: string,
): LoggingRecord['changed'] {
  if (changed.group !== group) return changed;
  const kept = Object.entries(changed.changes).filter(([name, change]) => {
    const successor = successorFor(NEED_FOR[name as ParameterName]);
    // What the successor changed in a group that the server has no more is not put back: only tags know of it.
    const known = successor?.changed?.group === group ? successor.changed.changes : {};
    if (successor) successor.changed = { group, changes: { [name]: change, ...known } };
    return !successor;
  });
  return kept.length > 0 ? { group, changes: Object.fromEntries(kept) } : undefined;
}

/** What is handed over counts as found: there is nothing to put back. */
function transferLogGroup(
  before: NonNullable<LoggingRecord['logGroup']>,
  successorFor: SuccessorFor,
  log: LogGroupRequest,
): NonNullable<LoggingRecord['logGroup']> {
  const left = settingsFor(before, log);
  const rest = { ...before };
  const give = (need: Need, setting: 'retentionInDays' | 'kmsKeyArn') => {
    const successor = successorFor(need);
    if (!successor?.logGroup) return;
    Object.assign(rest, { [setting]: left[setting] });
    if (successor.logGroup[setting] !== left[setting]) return;
    successor.logGroup = {
      ...successor.logGroup,
      [setting]: before[setting],
      made: successor.logGroup.made || before.made,
    };
  };
  give('retention', 'retentionInDays');
  give('key', 'kmsKeyArn');
  return rest;
}
