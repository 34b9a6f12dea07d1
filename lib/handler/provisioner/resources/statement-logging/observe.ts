import type { ServerKind, ServerState } from '../../aws/rds-ports';
import type { StatementLoggingRequest } from '../../parse/statement-logging';
import type { Run } from '../../run';
import type { Observed, Override } from './observed';
import { defaultGroup, familyInName, isDefaultGroup, ownGroupName } from './own-group';
import { othersIn } from './others';
import { PARAMETERS, type Settings } from './parameters';
import { recordFrom, tagPrefix, type LoggingRecord } from './record';

/** Reads all that decisions are made on. */
export async function observe(
  run: Run,
  server: ServerState,
  record: LoggingRecord,
  { server: { kind, identifier }, newGroupName, log }: StatementLoggingRequest,
  ownerKey: string,
): Promise<Observed> {
  const name = server.groupName;
  const { rds, logs } = run.aws;
  // One that was handed over has the name of who made it.
  const isOurs = name === record.own?.name;
  const ownGroup = isOurs ? name : ownGroupName(newGroupName, { kind, identifier });
  const group = await run.call(`parameter group ${name}`, () => rds.findGroup({ kind, name }));
  const settings = await readSettings(run, kind, name);
  const changed = record.changed?.group;
  const users = isDefaultGroup(name)
    ? []
    : await run.call(`users of parameter group ${name}`, () => rds.usersOf({ kind, name }));
  const own =
    name === ownGroup
      ? group
      : await run.call(`parameter group ${ownGroup}`, () => rds.findGroup({ kind, name: ownGroup }));
  return {
    server,
    group: {
      name,
      family: group?.family ?? familyInName(name) ?? '',
      settings: settings ?? Object.fromEntries(PARAMETERS.map((parameter) => [parameter, {}])),
      otherUsers: users.filter((user) => user !== identifier),
    },
    others: othersIn(server.tags, tagPrefix(ownerKey)),
    ownGroup,
    ownGroupFamily: own?.family,
    formerSettings:
      changed === undefined || changed === name ? undefined : await readSettings(run, kind, changed),
    overrides: kind === 'cluster' ? await readOverrides(run, server) : [],
    logGroup: await run.call(`log group ${log.logGroupName}`, () => logs.find(log.logGroupName)),
  };
}

/** What was changed on the server, by the tags of this custom resource. */
export async function readRecord(
  run: Run,
  server: ServerState,
  ownerKey: string,
  { server: { kind, identifier }, newGroupName }: StatementLoggingRequest,
): Promise<LoggingRecord> {
  const prefix = tagPrefix(ownerKey);
  const record = recordFrom(server.tags, prefix);
  const name = ownGroupName(newGroupName, { kind, identifier });
  if (record.own || server.groupName !== name) return record;
  // Tools that keep a server as their own code says take our tags away; the group has them too.
  const group = await run.call(`parameter group ${name}`, () => run.aws.rds.findGroup({ kind, name }));
  const tags =
    group && (await run.call(`tags of parameter group ${name}`, () => run.aws.rds.tagsOf(group.arn)));
  const former = defaultGroup(group?.family ?? '');
  return { own: { name, former }, ...recordFrom(tags ?? {}, prefix), ...record };
}

async function readSettings(run: Run, kind: ServerKind, name: string): Promise<Settings | undefined> {
  return run.call(`settings of parameter group ${name}`, () =>
    run.aws.rds.readParameters({ kind, name }, PARAMETERS),
  );
}

/** The groups of a cluster's instances win over that of the cluster. */
async function readOverrides(run: Run, { members }: ServerState): Promise<Override[]> {
  const overrides: Override[] = [];
  for (const { identifier } of members) {
    const instance = await run.call(`group of instance ${identifier}`, () =>
      run.aws.rds.find({ kind: 'instance', identifier }),
    );
    const group = instance?.groupName;
    if (!group || isDefaultGroup(group)) continue;
    const logStatement = (await readSettings(run, 'instance', group))?.log_statement?.value;
    if (logStatement !== undefined) overrides.push({ instance: identifier, group, logStatement });
  }
  return overrides;
}
