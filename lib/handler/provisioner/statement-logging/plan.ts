import type { StatementLoggingRequest } from './properties';
import type { Requirements } from '../log-group/requirements';
import { originalToRecord } from '../log-group/settings';
import { baseOf, changesOf, decide, type Decision, neededByAll, refusalOf } from './decide';
import type { Observed } from './observe';
import { differing, type ParameterName, type Settings } from './parameter-group';
import { type Change, type LoggingRecord, requirementsOfRequest } from './record';

/** RDS's name of the log that is exported to CloudWatch. */
export const EXPORT = 'postgresql';

/** The steps on a server, in this order. */
export interface Plan {
  /** Settings to restore in the current group before another group replaces it. */
  readonly revert?: GroupSettings;
  /** True if the group of this library exists but is not associated, after a failed attempt or a manual change. */
  readonly dropOwn: boolean;
  /** The record after the last step. */
  readonly record: LoggingRecord;
  readonly makeOwn?: { readonly family: string } | { readonly copyOf: string };
  readonly associate?: string;
  readonly enableExport: boolean;
  /** Settings, changed after the association: a dynamic parameter of an associated group needs no reboot. */
  readonly set?: GroupSettings;
}

/** Settings of a parameter group, given by its name. */
export interface GroupSettings {
  readonly group: string;
  readonly settings: Settings;
}

/** Returns the smallest plan for the request. Throws PreconditionFailed if the server must not be changed. */
export function planFor(observed: Observed, record: LoggingRecord, desired: StatementLoggingRequest): Plan {
  const { group, ownGroup, server } = observed;
  const decision = decide(observed, record, desired);
  const refusal = refusalOf(observed, decision, desired);
  if (refusal) throw refusal;
  const { target, own, ...steps } = groupSteps(observed, record, desired, decision);
  const dropOwn = observed.ownGroupFamily !== undefined && group.name !== ownGroup;
  const exportOn = server.exports.includes(EXPORT);
  const requirements = requirementsOfRequest(desired);
  return {
    ...steps,
    revert: obsoleteChanges(observed, record, target),
    dropOwn,
    enableExport: !exportOn,
    record: {
      requirements,
      ...(own && { own }),
      ...steps.record,
      ...((record.exportWasOff || !exportOn) && { exportWasOff: true }),
      logGroup: logGroupToRecord(observed, requirements),
    },
  };
}

/** Returns the record that is valid while the plan is carried out: it also has the changes that the plan reverts. */
export function recordMeanwhile(
  observed: Observed,
  { changed, requirements: before }: LoggingRecord,
  { record }: Plan,
): LoggingRecord {
  const { group } = observed;
  const requirements = { ...before, ...record.requirements };
  const meanwhile = { ...record, requirements, logGroup: logGroupToRecord(observed, requirements) };
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
      own: { name: ownGroup, original: group.name },
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

/** Returns the settings to restore in a group that another one replaces. */
function obsoleteChanges(
  { group: { name, settings: now } }: Observed,
  record: LoggingRecord,
  target: string,
): GroupSettings | undefined {
  if (name === target) return undefined;
  const settings = differing(now, baseOf(now, changesOf(record, name)));
  return some(settings) ? { group: name, settings } : undefined;
}

function logGroupToRecord({ ownedLogGroup, others }: Observed, own: Requirements) {
  return originalToRecord(ownedLogGroup.original, [own, ...others]);
}

const some = (settings: object) => Object.keys(settings).length > 0;
