import { type GroupName, type ServerState, type Tags, nameOf } from '../aws/rds-ports';
import type { LogGroupState } from '../aws/ports';
import { findLogGroup } from '../log-group/owned';
import type { StatementLoggingRequest } from './properties';
import type { Reading } from '../aws/run';
import { readTagsIfAllowed } from '../log-group/record';
import {
  concernsLogGroup,
  coOwnersIn,
  logGroupRecordIn,
  type CoOwner,
  type OriginalLogGroup,
} from '../log-group/requirements';
import { confirmedSettings } from '../log-group/settings';
import { defaultGroup, isDefaultGroup, isNamedFor, ownGroupName } from './parameter-group';
import { recordFrom, requirementsOfRequest, tagsWithOwnRecord, type LoggingRecord } from './record';

/** The confirmed part of a record. */
export interface ReadRecord {
  readonly record: LoggingRecord;
  /** The current settings of the log group; undefined if it does not exist. */
  readonly logGroup?: LogGroupState;
  /** The other owners of the log group. */
  readonly logOwners: readonly CoOwner[];
  /** A sentence for each statement of the tags that is not confirmed or not used. */
  readonly doubts: readonly string[];
}

/**
 * Reads the record of the original settings, and what the owners require, from the tags of the server and its log group.
 *
 * Whoever may tag the server can write anything there. So tags alone never select a parameter group other than the current
 * group of the server and the group of this library, and never a shorter retention or another key of the log group.
 */
export async function readRecord(
  run: Reading,
  server: ServerState,
  ownerKey: string,
  desired: StatementLoggingRequest,
): Promise<ReadRecord> {
  const made = { kind: desired.server.kind, name: ownGroupName(desired.newGroupName, desired.server) };
  const found = await fromBoth(run, server, ownerKey, made);
  const doubts: string[] = [];
  const { own, changed, logGroup: _, ...rest } = found;
  const name = nameOf(desired.server);
  const believedOwn = own && (own.name === made.name || (await isMadeFor(run, desired, own.name)));
  if (own && !believedOwn)
    doubts.push(
      `The tags of the ${name} say that the parameter group ${own.name} was created for it, but nothing confirms that: the parameter group is not changed.`,
    );
  const believedChange = changed && [server.groupName, made.name].includes(changed.group);
  if (changed && !believedChange && changed.group !== own?.name)
    doubts.push(
      `The tags of the ${name} say that ${Object.keys(changed.changes).join(' and ')} was changed in the parameter group ${changed.group}, which the ${desired.server.kind} no longer uses: the parameter group is not changed. If nothing else needs the setting there, reset it.`,
    );
  const { recorded, ...log } = await readLogGroup(
    run,
    tagsWithOwnRecord(server),
    ownerKey,
    { desired, found },
    doubts,
  );
  return {
    record: {
      ...rest,
      ...(believedOwn && { own }),
      ...(believedChange && { changed }),
      ...(recorded && { logGroup: recorded }),
    },
    ...log,
    doubts,
  };
}

/**
 * Returns the original group of the server; undefined if it is not confirmed.
 *
 * The tags of `own` were written when it was created. The tags of the server must name the same original group, unless that is
 * a default group, which is unique.
 */
export async function confirmedOriginalGroup(
  run: Reading,
  kind: GroupName['kind'],
  own: NonNullable<LoggingRecord['own']>,
): Promise<string | undefined> {
  const original = await originalGroupInTags(run, { kind, name: own.name });
  if (original === undefined) return undefined;
  return original === own.original || isDefaultGroup(original) ? original : undefined;
}

/** Reads the record from the tags of the server, else from those of its group: other tools may remove tags from the server. */
async function fromBoth(
  run: Reading,
  server: ServerState,
  ownerKey: string,
  made: GroupName,
): Promise<LoggingRecord> {
  const record = recordFrom(tagsWithOwnRecord(server), ownerKey);
  if (record.own || server.groupName !== made.name) return record;
  const group = await run.call(`parameter group ${made.name}`, () => run.aws.rds.findGroup(made));
  const tags = group ? await groupTags(run, made.name, group.arn) : {};
  const original = defaultGroup(group?.family ?? '');
  const { requirements: _, ...ofGroup } = recordFrom(tags, ownerKey);
  return { own: { name: made.name, original }, ...ofGroup, ...record };
}

/** True for a group that the first owner, of any stack, created for the server: its tags name the group itself. */
async function isMadeFor(run: Reading, { server }: StatementLoggingRequest, name: string): Promise<boolean> {
  if (!isNamedFor(name, server)) return false;
  return (await originalGroupInTags(run, { kind: server.kind, name })) !== undefined;
}

/** Returns the original group by the tags of a group that was created; undefined if they name another group. */
async function originalGroupInTags(run: Reading, made: GroupName): Promise<string | undefined> {
  const group = await run.call(`parameter group ${made.name}`, () => run.aws.rds.findGroup(made));
  if (!group) return undefined;
  const { own } = recordFrom(await groupTags(run, made.name, group.arn), '');
  return own?.name === made.name ? own.original : undefined;
}

async function groupTags(run: Reading, name: string, arn: string): Promise<Tags> {
  return run.call(`tags of parameter group ${name}`, () => run.aws.rds.tagsOf(arn));
}

/** Reads the original settings and the owners of the log group, confirmed by the tags of both the server and the log group. */
async function readLogGroup(
  run: Reading,
  ofServer: Tags,
  ownerKey: string,
  { desired, found }: { readonly desired: StatementLoggingRequest; readonly found: LoggingRecord },
  doubts: string[],
): Promise<Pick<ReadRecord, 'logGroup' | 'logOwners'> & { readonly recorded?: OriginalLogGroup }> {
  const name = desired.log.logGroupName;
  // First the state: if another owner has changed it, the tags then have the original settings.
  const logGroup = await findLogGroup(run, name);
  if (!found.logGroup && !concernsLogGroup(requirementsOfRequest(desired)))
    return { logGroup, logOwners: [] };
  const tags = await readTagsIfAllowed(run, name);
  const logOwners = coOwnersIn(ownerKey, ofServer, tags);
  const evidence = logGroupRecordIn(tags, ownerKey).original;
  const recorded = found.logGroup ?? evidence;
  if (!recorded || !logGroup) return { logGroup, logOwners, recorded }; // nothing to restore
  const confirmedBy = found.logGroup && evidence;
  return { logGroup, logOwners, recorded: confirmedSettings(recorded, confirmedBy, logGroup, name, doubts) };
}
