import { changesOf } from './decide';
import { defaultGroup } from './own-group';
import type { Observed } from './observed';
import { textOf, type ParameterName, type Settings } from './parameters';
import { EXPORT, type GroupSettings } from './plan';
import type { LoggingRecord } from './record';

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
