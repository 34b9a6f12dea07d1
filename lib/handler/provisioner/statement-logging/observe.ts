import type { LogGroupState } from '../aws/ports';
import type { ServerKind, ServerState } from '../aws/rds-ports';
import type { Reading } from '../aws/run';
import { completeOriginal, type OwnedLogGroup } from '../log-group/owned';
import { coOwnersIn, requirementsOf, type Requirements } from '../log-group/requirements';
import { familyInName, isDefaultGroup, ownGroupName, PARAMETERS, type Settings } from './parameter-group';
import type { StatementLoggingRequest } from './properties';
import { readRecord } from './read-record';
import { tagsWithOwnRecord, type LoggingRecord } from './record';

/** A server with its record. */
export interface Inspection {
  readonly observed: Observed;
  readonly record: LoggingRecord;
  /** A sentence for each statement of the record that is not confirmed or not used. */
  readonly doubts: readonly string[];
}

/** Reads the state that the decisions need, and the confirmed part of the record. */
export async function inspect(
  run: Reading,
  server: ServerState,
  desired: StatementLoggingRequest,
  ownerKey: string,
): Promise<Inspection> {
  const { record, logGroup, logOwners: coOwners, doubts } = await readRecord(run, server, ownerKey, desired);
  const observed = await observe(run, server, record, desired, ownerKey);
  const { requirements: recorded } = record;
  const required = [recorded ?? {}, ...coOwners.map(requirementsOf)];
  const original = completeOriginal(logGroup, record.logGroup, required, ownerKey);
  const ownedLogGroup = { ownerKey, original, recorded, coOwners };
  return { observed: { ...observed, logGroup, ownedLogGroup }, record, doubts };
}

async function observe(
  run: Reading,
  server: ServerState,
  record: LoggingRecord,
  { server: { kind, identifier }, newGroupName }: StatementLoggingRequest,
  ownerKey: string,
): Promise<Omit<Observed, 'logGroup' | 'ownedLogGroup'>> {
  const name = server.groupName;
  const { rds } = run.aws;
  // All owners share the group that the first one created.
  const ownGroup = record.own?.name ?? ownGroupName(newGroupName, { kind, identifier });
  const group = await run.call(`parameter group ${name}`, () => rds.findGroup({ kind, name }));
  const settings = await readSettings(run, kind, name);
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
    others: coOwnersIn(ownerKey, tagsWithOwnRecord(server)).map(requirementsOf),
    ownGroup,
    ownGroupFamily: own?.family,
    overrides: kind === 'cluster' ? await readOverrides(run, server) : [],
  };
}

async function readSettings(run: Reading, kind: ServerKind, name: string): Promise<Settings | undefined> {
  return run.call(`settings of parameter group ${name}`, () =>
    run.aws.rds.readParameters({ kind, name }, PARAMETERS),
  );
}

/** Reads the parameter groups of a cluster's instances, which override the group of the cluster. */
async function readOverrides(run: Reading, { members }: ServerState): Promise<Override[]> {
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

/** The state that the decisions need. */
export interface Observed {
  readonly server: ServerState;
  /** The associated group. */
  readonly group: {
    readonly name: string;
    readonly family: string;
    readonly settings: Settings;
    /** Other servers that use the group. */
    readonly otherUsers: readonly string[];
  };
  /** What other owners of the server require: custom resources of any stack. */
  readonly others: readonly Requirements[];
  /** The name of this library's group for the server, whether the group exists or not. */
  readonly ownGroup: string;
  /** The family of this library's group; undefined if it does not exist. */
  readonly ownGroupFamily?: string;
  /** Settings in the groups of a cluster's instances, which override those of the cluster's group. */
  readonly overrides: readonly Override[];
  /** Undefined if the log group does not exist. */
  readonly logGroup?: LogGroupState;
  readonly ownedLogGroup: OwnedLogGroup;
}

interface Override {
  readonly instance: string;
  readonly group: string;
  readonly logStatement: string;
}
