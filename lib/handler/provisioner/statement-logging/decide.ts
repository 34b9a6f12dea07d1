import type { StatementLoggingRequest } from './properties';
import { isDefaultGroup } from './own-group';
import type { Observed } from './observed';
import { neededChanges, type ParameterName, type Settings } from './parameters';
import { isNeededBy } from './others';
import type { LoggingRecord } from './record';

/** What becomes of the parameter group. */
export type Decision =
  /** It will do as it is, apart from what we once changed for nothing. */
  | { readonly how: 'keep' }
  /** It is changed, at once and without a reboot. */
  | { readonly how: 'change' }
  /** The server gets a group of its own: a new one, or a copy. */
  | { readonly how: 'own'; readonly from: 'family' | 'copy' }
  /** Other servers use it too. */
  | { readonly how: 'refuse' };

export type Wishes = Pick<StatementLoggingRequest, 'sharedParameterGroup' | 'logBindValues'>;

/** The decision table of the README. */
export function decide(observed: Observed, record: LoggingRecord, wanted: Wishes): Decision {
  const { group, ownGroup } = observed;
  if (group.name === ownGroup) return { how: 'change' };
  const base = baseOf(group.settings, changesOf(record, group.name));
  const needed = neededByAll(base, observed, wanted);
  if (Object.keys(needed).length === 0) return { how: 'keep' };
  if (isDefaultGroup(group.name)) return { how: 'own', from: 'family' };
  if (group.otherUsers.length === 0 || wanted.sharedParameterGroup === 'modify') return { how: 'change' };
  if (wanted.sharedParameterGroup === 'copy') return { how: 'own', from: 'copy' };
  return hasAll(group.settings, needed) ? { how: 'change' } : { how: 'refuse' };
}

/** What has to differ from `base` for us and for others on the same server. */
export function neededByAll(base: Settings, { others }: Observed, { logBindValues }: Wishes): Settings {
  const leaveOut = others.some((other) => isNeededBy(other, 'no-bind-values'));
  return neededChanges(base, { logBindValues: logBindValues && !leaveOut });
}

/** The changes that were made in a group. */
export function changesOf({ changed }: LoggingRecord, group: string) {
  return changed?.group === group ? changed.changes : {};
}

/** The settings of a group as they would be without our changes. What somebody changed since is theirs. */
export function baseOf(settings: Settings, changes: ReturnType<typeof changesOf>): Settings {
  const entries = Object.entries(settings).map(([name, now]) => {
    const change = changes[name as ParameterName];
    return [name, change && now.value === change.set.value ? change.before : now] as const;
  });
  return Object.fromEntries(entries);
}

/** The group was changed when it was used by this server alone: nothing is left to refuse. */
function hasAll(settings: Settings, needed: Settings): boolean {
  return Object.entries(needed).every(
    ([name, { value }]) => settings[name as ParameterName]?.value === value,
  );
}
