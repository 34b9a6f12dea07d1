import { isRequired, type Requirements } from '../log-group/requirements';
import { originalToRecord } from '../log-group/settings';
import { changesOf } from './decide';
import type { Observed } from './observe';
import { defaultGroup, type ParameterName, type Settings, textOf } from './parameter-group';
import { EXPORT, type GroupSettings } from './plan';
import type { Change, Original } from './record';

/** The steps of a removal, in this order. */
export interface RemovalPlan {
  readonly revert?: GroupSettings;
  readonly associate?: string;
  /** True if this run or an earlier one restores the original group: instances may need a reboot. */
  readonly isRestored: boolean;
  readonly disableExport: boolean;
  /** Settings that were changed outside of this deployment and are not restored. */
  readonly leftAlone: readonly string[];
  /** The original settings that the last owner restores. Empty if this owner is the last one. */
  readonly kept: Original;
}

const REQUIREMENT = {
  log_statement: 'statements',
  log_parameter_max_length: 'noBindValues',
} as const satisfies Record<ParameterName, keyof Requirements>;

/**
 * Plans to restore every setting that no other owner requires and that still has the value that the owners set.
 *
 * `originalGroup` is the original group, if it is confirmed and still exists; the default group replaces it otherwise.
 */
export function removalPlanFor(
  observed: Observed,
  original: Original,
  originalGroup: string | undefined,
): RemovalPlan {
  const { server, group, others } = observed;
  const { own, exportWasOff = false } = original;
  const previous = originalGroup ?? defaultGroup(group.family);
  const isRequiredByOthers = isRequired(others, 'statements');
  const isOwn = group.name === observed.ownGroup;
  const { revert, changed, leftAlone } = settingsToRestore(observed, original);
  if (own && !isOwn && group.name !== previous)
    leftAlone.push(`the parameter group, which is ${group.name} now`);
  const associate = isOwn && !isRequiredByOthers ? previous : undefined;
  return {
    revert,
    associate,
    isRestored: associate !== undefined || (own !== undefined && group.name === previous),
    disableExport: exportWasOff && !isRequiredByOthers && server.exports.includes(EXPORT),
    leftAlone,
    kept: {
      ...(isOwn && isRequiredByOthers && { own }),
      ...(changed && { changed }),
      ...(exportWasOff && isRequiredByOthers && { exportWasOff }),
      logGroup: original.logGroup && originalToRecord(observed.ownedLogGroup.original, others),
    },
  };
}

/** Returns the settings to restore in a group that is kept, and the changes that other owners require. */
function settingsToRestore({ group, ownGroup, others }: Observed, original: Original) {
  const leftAlone: string[] = [];
  const name = original.changed?.group;
  const isDeleted = name === ownGroup && !isRequired(others, 'statements');
  if (name !== group.name || isDeleted) return { leftAlone };
  const all = Object.entries(changesOf(original, name)) as [ParameterName, Change][];
  const isKept = ([parameter]: [ParameterName, Change]) => isRequired(others, REQUIREMENT[parameter]);
  const kept = all.filter(isKept);
  const settings: Record<string, Settings[ParameterName]> = {};
  for (const [parameter, { before, set }] of all.filter((one) => !isKept(one))) {
    const { value } = group.settings[parameter] ?? before;
    if (value === set.value) settings[parameter] = before;
    else if (value !== before.value)
      leftAlone.push(`${parameter} in the parameter group ${name}, which is ${textOf({ value })} now`);
  }
  const some = Object.keys(settings).length > 0;
  return {
    revert: some ? { group: name, settings: settings as Settings } : undefined,
    changed: kept.length > 0 ? { group: name, changes: Object.fromEntries(kept) } : undefined,
    leftAlone,
  };
}
