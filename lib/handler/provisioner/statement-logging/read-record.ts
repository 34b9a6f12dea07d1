import { isAws } from '../aws/failure';
import type { GroupName, ServerState, Tags } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { confirmedSettings } from '../log-group/settings';
import { defaultGroup, isDefaultGroup, isNamedFor, ownGroupName } from './parameter-group';
import { recordFrom, type LoggingRecord } from './record';
import { nameOf } from './server-status';
import { tagPrefix } from '../log-group/record-tags';

/** A record as far as it is believed. */
export interface ReadRecord {
  readonly record: LoggingRecord;
  /** What the tags say and is not believed, or not acted on: a sentence each. */
  readonly doubts: readonly string[];
}

/**
 * What was changed on the server, by the tags of this custom resource.
 *
 * Whoever may tag the server may write anything there, so tags alone never lead to another parameter group than the current
 * one of the server and the one that was made for it, nor to a shorter retention or to another key of the log.
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
      `The tags of the ${name} say that the parameter group ${own.name} was made for it, which it was not: that group is left alone.`,
    );
  const believedChange = changed && [server.groupName, made.name].includes(changed.group);
  if (changed && !believedChange && changed.group !== own?.name)
    doubts.push(
      `The tags of the ${name} say that ${Object.keys(changed.changes).join(' and ')} was changed in the parameter group ${changed.group}, which the ${desired.server.kind} does not have now: that group is left alone. If nothing else needs the setting there, reset it.`,
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
 * The group that the server had before `own` was made for it, or one of AWS's default groups; undefined where that is not certain.
 *
 * The tags of the group were written as it was made: those of the server must say the same, unless it was a default group, of
 * which there is but one.
 */
export async function confirmedOriginal(
  run: Run,
  kind: GroupName['kind'],
  own: NonNullable<LoggingRecord['own']>,
): Promise<string | undefined> {
  const [former, ...more] = await formersByGroup(run, { kind, name: own.name });
  if (former === undefined || more.length > 0) return undefined;
  return former === own.former || isDefaultGroup(former) ? former : undefined;
}

/** Tools that keep a server as their own code says take tags away; the group that was made has them too. */
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

/** One that another stack made and left to this one has the name of that stack, and names itself. */
async function isMadeFor(run: Run, { server }: StatementLoggingRequest, name: string): Promise<boolean> {
  if (!isNamedFor(name, server)) return false;
  return (await formersByGroup(run, { kind: server.kind, name })).length > 0;
}

/** The former groups that the tags of a group name which say that it was made: one, unless somebody wrote there too. */
async function formersByGroup(run: Run, made: GroupName): Promise<string[]> {
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

/** The settings of the log group before us, by the tags of the server and of the log group. */
async function confirmedLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  prefix: string,
  recorded: NonNullable<LoggingRecord['logGroup']>,
  doubts: string[],
): Promise<NonNullable<LoggingRecord['logGroup']>> {
  const name = log.logGroupName;
  const now = await run.call(`log group ${name}`, () => run.aws.logs.find(name));
  if (!now) return recorded; // nothing to put back
  const evidence = recordFrom(await logGroupTags(run, name), prefix).logGroup;
  return confirmedSettings(recorded, evidence, now, name, doubts);
}

/** None where the role may not read them. */
async function logGroupTags(run: Run, name: string): Promise<Tags> {
  return run.call(`tags of log group ${name}`, () =>
    run.aws.logs.readTags(name).catch((error: unknown) => {
      if (isAws(error, 'AccessDenied')) return {};
      throw error;
    }),
  );
}
