import { unsupportedReason } from '../../../private/server/unsupported';
import { nameOf, type ServerName } from '../aws/rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { Observed } from './observe';
import { isDefaultGroup, neededChanges, type ParameterName, type Settings } from './parameter-group';
import type { StatementLoggingRequest } from './properties';
import type { LoggingRecord, Original } from './record';
import { isRequired } from '../log-group/requirements';

/** What is done to the parameter group. */
export type Decision =
  /** The group meets the requirements without changes; unneeded earlier changes are reverted. */
  | { readonly how: 'keep' }
  /** The group is changed, at once and without a reboot. */
  | { readonly how: 'change' }
  /** The server gets its own group: a new group or a copy. */
  | { readonly how: 'own'; readonly from: 'family' | 'copy' }
  /** The setup fails: other servers use the group too. */
  | { readonly how: 'refuse' };

/** The part of the request that decides about the parameter group. */
export type Requested = Pick<StatementLoggingRequest, 'sharedParameterGroup' | 'logBindValues'>;

/** The decision table of docs/existing-server.md. */
export function decide(observed: Observed, record: LoggingRecord, desired: Requested): Decision {
  const { group, ownGroup } = observed;
  if (group.name === ownGroup) return { how: 'change' };
  const base = baseOf(group.settings, changesOf(record, group.name));
  const needed = neededByAll(base, observed, desired);
  if (Object.keys(needed).length === 0) return { how: 'keep' };
  if (isDefaultGroup(group.name)) return { how: 'own', from: 'family' };
  if (group.otherUsers.length === 0 || desired.sharedParameterGroup === 'modify') return { how: 'change' };
  if (desired.sharedParameterGroup === 'copy') return { how: 'own', from: 'copy' };
  return hasAll(group.settings, needed) ? { how: 'change' } : { how: 'refuse' };
}

/** Returns the settings that must differ from `base` for all owners of the server. */
export function neededByAll(base: Settings, { others }: Observed, { logBindValues }: Requested): Settings {
  const leaveOut = isRequired(others, 'noBindValues');
  return neededChanges(base, { logBindValues: logBindValues && !leaveOut });
}

/** Returns the recorded changes of a group. */
export function changesOf({ changed }: Original, group: string) {
  return changed?.group === group ? changed.changes : {};
}

/** Returns the settings of a group without the changes of its owners; a value that was changed since is kept. */
export function baseOf(settings: Settings, changes: ReturnType<typeof changesOf>): Settings {
  const entries = Object.entries(settings).map(([name, now]) => {
    const change = changes[name as ParameterName];
    return [name, change && now.value === change.set.value ? change.before : now] as const;
  });
  return Object.fromEntries(entries);
}

/** True if the group already has the settings, set when this server alone used it: nothing is left to refuse. */
function hasAll(settings: Settings, needed: Settings): boolean {
  return Object.entries(needed).every(
    ([name, { value }]) => settings[name as ParameterName]?.value === value,
  );
}

const ENGINE = { cluster: 'aurora-postgresql', instance: 'postgres' };
const MAX_LISTED = 5;

/** Returns why a server can't be changed; undefined if it can. */
export function refusalOf(
  { group, server }: Observed,
  decision: Decision,
  { server: { kind, identifier }, logBindValues }: StatementLoggingRequest,
): PreconditionFailed | undefined {
  if (server.unsupported)
    return new PreconditionFailed(`${unsupportedReason(server.unsupported, `The ${kind} ${identifier}`)}.`);
  if (server.engine !== ENGINE[kind])
    return new PreconditionFailed(
      `The ${kind} ${identifier} runs ${server.engine}; statement logging is for ${ENGINE[kind]}. Check the identifier.`,
    );
  if (decision.how === 'refuse')
    return new PreconditionFailed(
      `The parameter group ${group.name} of the ${kind} ${identifier} is used by ${named(group.otherUsers)} too. Their statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY to accept that, or to COPY to give this ${kind} a copy (in effect after a reboot), then deploy again.`,
    );
  const missing = Object.keys(neededChanges({}, { logBindValues })).find((name) => !(name in group.settings));
  if (missing)
    return new PreconditionFailed(
      `The parameter ${missing} is unknown to the family ${group.family} of the ${kind} ${identifier}. Leaving bind values out of the log needs PostgreSQL 13: leave logBindValues out, or upgrade the server, then deploy again.`,
    );
  return undefined;
}

/** The failure where another server uses an existing group of the name that a new group needs. */
export function stillUsed(
  group: string,
  { kind, identifier }: ServerName,
  users: readonly string[],
): PreconditionFailed {
  return new PreconditionFailed(
    `The ${kind} ${identifier} needs a new parameter group ${group}, but a group of that name exists and is used by ${named(users)}. Give what uses it another parameter group, or delete it, then deploy again.`,
  );
}

/** The failure where the tags of server and group name different original groups: whoever may tag could name any group. */
export function contradictingTags(
  server: ServerName,
  { name, original }: { readonly name: string; readonly original: string },
): PreconditionFailed {
  const text = nameOf(server);
  return new PreconditionFailed(
    `The tags of the ${text} say that its parameter group was ${original} before ${name} was created for it; the tags of ${name}, written at the same time, say something else. One of them was changed, so neither is trusted. Find the right group in CloudTrail (ModifyDB${server.kind === 'cluster' ? 'Cluster' : 'Instance'}), give it to the ${text}, then delete again.`,
  );
}

/** Lists up to MAX_LISTED names and counts the rest. */
function named(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
