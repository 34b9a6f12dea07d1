import type { LogGroupState } from '../aws/ports';
import type { StatementLoggingRequest } from './properties';
import { settingsBefore, requestedSettings } from '../log-group/settings';
import { baseOf, changesOf, decide, type Decision, neededByAll, refusalOf } from './decide';
import type { Observed } from './observe';
import { differing, type ParameterName, type Settings } from './parameter-group';
import { type Change, type LoggingRecord, requirementsOf } from './record';
import { mergeRequirements } from '../log-group/record-tags';

export const EXPORT = 'postgresql';

/** What is done to a server, in this order. */
export interface Plan {
  /** Changes of the current group, where another takes its place. */
  readonly revert?: GroupSettings;
  /** A group of ours that is not associated: what is left of an attempt, or of what somebody undid. */
  readonly dropOwn: boolean;
  /** Written down before all that follows. */
  readonly record: LoggingRecord;
  readonly makeOwn?: { readonly family: string } | { readonly copyOf: string };
  readonly associate?: string;
  readonly enableExport: boolean;
  /** After the association: a dynamic parameter that is changed in an associated group needs no reboot. */
  readonly set?: GroupSettings;
}

export interface GroupSettings {
  readonly group: string;
  readonly settings: Settings;
}

/** The smallest plan to what is wanted; fails where that must not be done. */
export function planFor(observed: Observed, record: LoggingRecord, desired: StatementLoggingRequest): Plan {
  const { group, ownGroup, server } = observed;
  const decision = decide(observed, record, desired);
  const refusal = refusalOf(observed, decision, desired);
  if (refusal) throw refusal;
  const { target, own, ...steps } = groupSteps(observed, record, desired, decision);
  const dropOwn = observed.ownGroupFamily !== undefined && group.name !== ownGroup;
  const exportOn = server.exports.includes(EXPORT);
  const logGroup = logGroupBefore(observed.logGroup, record, desired);
  return {
    ...steps,
    revert: obsoleteChanges(observed, record, target),
    dropOwn,
    enableExport: !exportOn,
    record: {
      requirements: requirementsOf(desired),
      ...(own && { own }),
      ...steps.record,
      ...((record.exportWasOff || !exportOn) && { exportWasOff: true }),
      ...(logGroup && { logGroup }),
    },
  };
}

/** The record until the plan is carried out: what is to be undone is remembered until it is. */
export function recordMeanwhile(
  { group }: Observed,
  { changed, requirements = [] }: LoggingRecord,
  { record }: Plan,
): LoggingRecord {
  const meanwhile = { ...record, requirements: mergeRequirements(requirements, record.requirements ?? []) };
  if (!changed || changed.group !== (record.changed?.group ?? group.name)) return meanwhile;
  const changes = { ...changed.changes, ...record.changed?.changes };
  return { ...meanwhile, changed: { group: changed.group, changes } };
}

function groupSteps(
  observed: Observed,
  record: LoggingRecord,
  desired: StatementLoggingRequest,
  decision: Decision,
) {
  const { group, ownGroup } = observed;
  const base = baseOf(group.settings, changesOf(record, group.name));
  if (decision.how === 'own') {
    const fresh = decision.from === 'copy' ? base : {};
    const settings = neededByAll(fresh, observed, desired);
    return {
      target: ownGroup,
      own: { name: ownGroup, former: group.name },
      record: { changed: { group: ownGroup, changes: changes(fresh, settings) } },
      makeOwn: decision.from === 'copy' ? { copyOf: group.name } : { family: group.family },
      associate: ownGroup,
      set: { group: ownGroup, settings },
    };
  }
  const needed = neededByAll(base, observed, desired);
  const settings = differing(group.settings, { ...base, ...needed });
  const isOwn = group.name === ownGroup;
  return {
    target: group.name,
    own: isOwn ? record.own : undefined,
    record: some(needed) ? { changed: { group: group.name, changes: changes(base, needed) } } : {},
    set: some(settings) ? { group: group.name, settings } : undefined,
  };
}

function changes(base: Settings, needed: Settings): Partial<Record<ParameterName, Change>> {
  const entries = Object.entries(needed).map(([name, set]) => [
    name,
    { before: { value: base[name as ParameterName]?.value }, set },
  ]);
  return Object.fromEntries(entries) as Partial<Record<ParameterName, Change>>;
}

/** What was changed in the current group, where another takes its place. A group of ours goes as a whole. */
function obsoleteChanges(
  { group, ownGroup }: Observed,
  record: LoggingRecord,
  target: string,
): GroupSettings | undefined {
  const { name, settings: now } = group;
  if (record.changed?.group !== name || name === target || name === ownGroup) return undefined;
  const settings = differing(now, baseOf(now, changesOf(record, name)));
  return some(settings) ? { group: name, settings } : undefined;
}

/** The settings of the log group before us, where it is to be changed or was. */
function logGroupBefore(
  now: LogGroupState | undefined,
  { logGroup, requirements }: LoggingRecord,
  { log }: StatementLoggingRequest,
): LoggingRecord['logGroup'] {
  const requested = requestedSettings(log);
  if (logGroup) return settingsBefore(now ?? {}, logGroup, requirements ?? requested, log);
  if (requested.length === 0) return undefined;
  return now ? { made: false, ...now } : { made: true };
}

const some = (settings: object) => Object.keys(settings).length > 0;
