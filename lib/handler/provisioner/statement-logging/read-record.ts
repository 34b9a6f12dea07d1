import { isAws } from '../aws/failure';
import type { GroupName, ServerState, Tags } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { confirmedSettings } from '../log-group/settings';
import { defaultGroup, isDefaultGroup, isNamedFor, ownGroupName } from './parameter-group';
import { recordFrom, type LoggingRecord } from './record';
import { nameOf } from './server-status';
import { tagPrefix } from '../log-group/record-tags';

/** The confirmed part of a record. */
export interface ReadRecord {
  readonly record: LoggingRecord;
  /** A sentence for each statement of the tags that is not confirmed or not used. */
  readonly doubts: readonly string[];
}

/**
 * Reads from the tags of the server what this custom resource changed.
 *
 * Whoever may tag the server can write anything there. So tags alone never select a parameter group other than the current
 * group of the server and the group of this library, and never a shorter retention or another key of the log group.
 */
export async function readRecord(
  run: Run,
  server: ServerState,
  ownerKey: string,
  desired: StatementLoggingRequest,
): Promise<ReadRecord> {
  const prefix = tagPrefix(ownerKey);
  const made = { kind: desired.server.kind, name: ownGroupName(desired.newGroupName, desired.server) };
  const found = await fromBoth(run, server, prefix, made);
  const doubts: string[] = [];
  const { own, changed, logGroup, ...rest } = found;
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
  return {
    record: {
      ...rest,
      ...(believedOwn && { own }),
      ...(believedChange && { changed }),
      ...(logGroup && { logGroup: await confirmedLogGroup(run, desired, prefix, logGroup, doubts) }),
    },
    doubts,
  };
}

/**
 * Returns the original group of the server; undefined if it is not confirmed.
 *
 * The tags of `own` were written when it was created. The tags of the server must name the same original group, unless that is
 * a default group, which is unique.
 */
export async function confirmedOriginal(
  run: Run,
  kind: GroupName['kind'],
  own: NonNullable<LoggingRecord['own']>,
): Promise<string | undefined> {
  const [former, ...more] = await originalGroupsInTags(run, { kind, name: own.name });
  if (former === undefined || more.length > 0) return undefined;
  return former === own.former || isDefaultGroup(former) ? former : undefined;
}

/** Reads the record from the tags of the server, else from those of its group: other tools may remove tags from the server. */
async function fromBoth(
  run: Run,
  server: ServerState,
  prefix: string,
  made: GroupName,
): Promise<LoggingRecord> {
  const record = recordFrom(server.tags, prefix);
  if (record.own || server.groupName !== made.name) return record;
  const group = await run.call(`parameter group ${made.name}`, () => run.aws.rds.findGroup(made));
  const tags = group ? await groupTags(run, made.name, group.arn) : {};
  const former = defaultGroup(group?.family ?? '');
  return { own: { name: made.name, former }, ...recordFrom(tags, prefix), ...record };
}

/** True for a group that another stack created for the server and transferred: its tags name the group itself. */
async function isMadeFor(run: Run, { server }: StatementLoggingRequest, name: string): Promise<boolean> {
  if (!isNamedFor(name, server)) return false;
  return (await originalGroupsInTags(run, { kind: server.kind, name })).length > 0;
}

/** Returns the original groups that the tags of a group name: more than one if somebody else wrote tags. */
async function originalGroupsInTags(run: Run, made: GroupName): Promise<string[]> {
  const group = await run.call(`parameter group ${made.name}`, () => run.aws.rds.findGroup(made));
  if (!group) return [];
  const tags = await groupTags(run, made.name, group.arn);
  const formers = Object.entries(tags).flatMap(([key, value]) => {
    const [, prefix] = /^(datafold:[0-9a-f]{16}:)own-group$/.exec(key) ?? [];
    const former = prefix && value === made.name ? tags[`${prefix}former-group`] : undefined;
    return former ? [former] : [];
  });
  return [...new Set(formers)];
}

async function groupTags(run: Run, name: string, arn: string): Promise<Tags> {
  return run.call(`tags of parameter group ${name}`, () => run.aws.rds.tagsOf(arn));
}

/** Returns the original settings of the log group, confirmed by the tags of the server and of the log group. */
async function confirmedLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  prefix: string,
  recorded: NonNullable<LoggingRecord['logGroup']>,
  doubts: string[],
): Promise<NonNullable<LoggingRecord['logGroup']>> {
  const name = log.logGroupName;
  const now = await run.call(`log group ${name}`, () => run.aws.logs.find(name));
  if (!now) return recorded; // nothing to restore
  const evidence = recordFrom(await logGroupTags(run, name), prefix).logGroup;
  return confirmedSettings(recorded, evidence, now, name, doubts);
}

/** Reads the tags of the log group; none if the role may not read them. */
async function logGroupTags(run: Run, name: string): Promise<Tags> {
  return run.call(`tags of log group ${name}`, () =>
    run.aws.logs.readTags(name).catch((error: unknown) => {
      if (isAws(error, 'AccessDenied')) return {};
      throw error;
    }),
  );
}
