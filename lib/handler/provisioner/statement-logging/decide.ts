import { unsupportedReason } from '../../../private/server/unsupported';
import type { ServerName } from '../aws/rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { Observed } from './observe';
import { isDefaultGroup, neededChanges, type ParameterName, type Settings } from './parameter-group';
import type { StatementLoggingRequest } from './properties';
import { isNeededBy, type LoggingRecord } from './record';

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

export type Requested = Pick<StatementLoggingRequest, 'sharedParameterGroup' | 'logBindValues'>;

/** The decision table of the README. */
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

/** What has to differ from `base` for us and for others on the same server. */
export function neededByAll(base: Settings, { others }: Observed, { logBindValues }: Requested): Settings {
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

const ENGINE = { cluster: 'aurora-postgresql', instance: 'postgres' };
const MAX_LISTED = 5;

/** Why a server is left as it is; undefined where nothing speaks against it. */
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
      `The parameter group ${group.name} of the ${kind} ${identifier} is used by ${named(group.otherUsers)} too, whose statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY if that is wanted, or to COPY to give this ${kind} a copy (in force after a reboot), then deploy again.`,
    );
  const missing = Object.keys(neededChanges({}, { logBindValues })).find((name) => !(name in group.settings));
  if (missing)
    return new PreconditionFailed(
      `The parameter ${missing} is unknown to the family ${group.family} of the ${kind} ${identifier}. Leaving bind values out of the log needs PostgreSQL 13: leave logBindValues out, or upgrade the server, then deploy again.`,
    );
  return undefined;
}

/** Why a group is not made for a server: there is one of that name, which others use. */
export function stillUsed(
  group: string,
  { kind, identifier }: ServerName,
  users: readonly string[],
): PreconditionFailed {
  return new PreconditionFailed(
    `The ${kind} ${identifier} is to have a new parameter group ${group}, but the former one of that name is used by ${named(users)}. Give what uses it another parameter group, or delete it, then deploy again.`,
  );
}

/** Why the former group is not put back: whoever may tag the server could name any group. */
export function contradictingTags(
  server: ServerName,
  { name, former }: { readonly name: string; readonly former: string },
): PreconditionFailed {
  const text = `${server.kind} ${server.identifier}`;
  return new PreconditionFailed(
    `The tags of the ${text} say that its parameter group was ${former} before ${name} was made for it; the tags of ${name}, written at the same time, do not say that. Somebody changed one of them, so neither is believed. Find the right group in CloudTrail (ModifyDB${server.kind === 'cluster' ? 'Cluster' : 'Instance'}), give it to the ${text}, then delete again.`,
  );
}

/** Some of the names, and how many there are besides. */
function named(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
