import type { LogGroupRequest } from '../log-group/properties';
import type { Need } from '../log-group/record-tags';
import { settingsFor } from '../log-group/settings';
import { changesOf } from './decide';
import type { Observed } from './observe';
import { defaultGroup, type ParameterName, type Settings, textOf } from './parameter-group';
import { EXPORT, type GroupSettings } from './plan';
import { isNeededBy, type LoggingRecord, type CoOwner } from './record';

/** The steps of a removal, in this order. */
export interface RemovalPlan {
  readonly revert?: GroupSettings;
  readonly associate?: string;
  /** True if this run or an earlier one restores the original group: instances may need a reboot. */
  readonly isRestored: boolean;
  readonly disableExport: boolean;
  /** Settings that were changed outside of this deployment and are not restored. */
  readonly leftAlone: readonly string[];
}

export interface Circumstances {
  /** The original group, if it is confirmed and still exists; the default group replaces it otherwise. */
  readonly originalGroup?: string;
  /** True if other owners need the group that this owner created. */
  readonly isGroupKept: boolean;
}

/** Plans to restore every setting that still has the value that this owner set. */
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
    isRestored: associate !== undefined || (record.own !== undefined && group.name === former),
    disableExport: record.exportWasOff === true && server.exports.includes(EXPORT),
    leftAlone,
  };
}

/** Returns the settings to restore in a group that is kept; the group of this library is deleted instead. */
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

/** How a record is split when its owner is removed and other owners remain. */
export interface Transfer {
  /** The part that the removed owner restores itself. */
  readonly rest: LoggingRecord;
  /** The remaining owners with their new records. */
  readonly successors: readonly CoOwner[];
  /** True if the removed owner created the associated group and another owner needs it. */
  readonly isGroupKept: boolean;
}

type Draft = { -readonly [K in keyof LoggingRecord]: LoggingRecord[K] };
type SuccessorFor = (need: Need) => Draft | undefined;

const NEED_FOR: Readonly<Record<ParameterName, Need>> = {
  log_statement: 'statements',
  log_parameter_max_length: 'no-bind-values',
};

/**
 * Moves each original value that another owner needs to the record of one of them, which restores it when it is removed. So the
 * last owner restores the server to its state before the first one.
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

/** Returns the changes that no other owner needs. No owner needs a group that is no longer associated. */
function transferChanges(
  changed: NonNullable<LoggingRecord['changed']>,
  successorFor: SuccessorFor,
  group: string,
): LoggingRecord['changed'] {
  if (changed.group !== group) return changed;
  const kept = Object.entries(changed.changes).filter(([name, change]) => {
    const successor = successorFor(NEED_FOR[name as ParameterName]);
    // The successor's changes in a group that is no longer associated are dropped: only tags record them.
    const known = successor?.changed?.group === group ? successor.changed.changes : {};
    if (successor) successor.changed = { group, changes: { [name]: change, ...known } };
    return !successor;
  });
  return kept.length > 0 ? { group, changes: Object.fromEntries(kept) } : undefined;
}

/** A transferred setting counts as original for the removed owner, which therefore does not restore it. */
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
