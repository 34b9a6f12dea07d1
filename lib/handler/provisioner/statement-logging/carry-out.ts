import { isAws } from '../aws/failure';
import {
  type GroupName,
  type ServerChange,
  type ServerName,
  type ServerState,
  type Tags,
  nameOf,
} from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { tagsForNew, withRecord } from '../aws/stack-tags';
import { coOwnersIn, needsKey, ORIGINAL } from '../log-group/requirements';
import { Failure } from '../runtime/failure';
import type { GroupSettings, Plan } from './plan';
import { type LoggingRecord, serverTagsOf, tagsOf, tagsWithOwnRecord } from './record';
import { waitUntil } from '../runtime/resumable';
import { availableServer } from './server-status';

/** Codes for a server or group that RDS is changing. */
const BUSY = ['InvalidDBClusterState', 'InvalidDBInstanceState'];
const GROUP_BUSY = ['InvalidDBParameterGroupState'];

/** Creates the group, changes the server, then sets the group's parameters. */
export async function carryOut(
  run: Run,
  server: ServerName,
  plan: Plan,
  tags: { readonly record: Tags; readonly given: Tags },
): Promise<void> {
  const { makeOwn, associate, enableExport, set } = plan;
  if (makeOwn && associate) await makeGroup(run, server, associate, makeOwn, tags);
  if (associate || enableExport)
    await changeServer(run, server, {
      ...(associate && { groupName: associate }),
      ...(enableExport && { enableExports: ['postgresql'] }),
    });
  if (set) await setParameters(run, server, set);
}

async function makeGroup(
  run: Run,
  { kind, identifier }: ServerName,
  name: string,
  make: NonNullable<Plan['makeOwn']>,
  { record, given }: { readonly record: Tags; readonly given: Tags },
): Promise<void> {
  const tags = withRecord(`parameter group ${name}`, await tagsForNew(run, given), record);
  const description = `${identifier} with the statement log that Datafold reads`;
  const { rds } = run.aws;
  await run.call(`new parameter group ${name}`, async () => {
    try {
      if ('copyOf' in make) await rds.copyGroup({ kind, name }, make.copyOf, description, tags);
      else await rds.createGroup({ kind, name }, make.family, description, tags);
    } catch (error) {
      // The group did not exist a moment ago: a response was lost, or the event was delivered twice.
      if (!isAws(error, 'DBParameterGroupAlreadyExists')) throw error;
      if (!(await hasTags(run, { kind, name }, record))) throw error;
    }
  });
}

async function hasTags({ aws: { rds } }: Run, name: GroupName, tags: Tags): Promise<boolean> {
  const group = await rds.findGroup(name);
  const found = group ? await rds.tagsOf(group.arn) : {};
  return Object.entries(tags).every(([key, value]) => found[key] === value);
}

/** Changes the server as soon as RDS allows it, and waits for the end of the change. */
export async function changeServer(run: Run, server: ServerName, change: ServerChange): Promise<ServerState> {
  await waitUntil(
    run,
    () => `the ${nameOf(server)} to accept a change`,
    async () => {
      await availableServer(run, server);
      const modify = async () =>
        run.call(`change of the ${nameOf(server)}`, () => run.aws.rds.modify(server, change));
      return (await isAccepted(modify, BUSY)) || undefined;
    },
  );
  return availableServer(run, server, (state) => isDone(state, change));
}

function isDone(state: ServerState, { groupName, enableExports, disableExports }: ServerChange): boolean {
  return (
    (groupName === undefined || state.groupName === groupName) &&
    (enableExports ?? []).every((one) => state.exports.includes(one)) &&
    !(disableExports ?? []).some((one) => state.exports.includes(one))
  );
}

/** Sets parameters of a group as soon as RDS allows it. */
export async function setParameters(
  run: Run,
  { kind }: ServerName,
  { group, settings }: GroupSettings,
): Promise<void> {
  await waitUntil(
    run,
    () => `the parameter group ${group} to accept a change`,
    async () => {
      const set = async () =>
        run.call(`settings in parameter group ${group}`, () =>
          run.aws.rds.setParameters({ kind, name: group }, settings),
        );
      return (await isAccepted(set, GROUP_BUSY)) || undefined;
    },
  );
}

/**
 * Saves the record in the tags of the server and removes obsolete tags, original settings only if they are in `known`: another
 * owner may have recorded more in the meantime.
 */
export async function saveRecord(
  run: Run,
  server: ServerState,
  record: LoggingRecord,
  ownerKey: string,
  known: Tags = server.tags,
): Promise<void> {
  const tags = tagsWithOwnRecord(server);
  const ofAnotherServer = Object.keys(server.tags).filter((key) => !(key in tags));
  const hasOwners = Object.keys(tagsOf(record, ownerKey)).length > 0 || coOwnersIn(ownerKey, tags).length > 0;
  const desired = hasOwners ? serverTagsOf(record, ownerKey, server) : {};
  const missing = Object.entries(desired).filter(([key, value]) => tags[key] !== value);
  const mayRemove = (key: string) => key === needsKey(ownerKey) || (key.startsWith(ORIGINAL) && key in known);
  const obsolete = Object.keys(tags).filter((key) => mayRemove(key) && !(key in desired));
  if (ofAnotherServer.length > 0)
    await run.call('removal of the record of another server', () =>
      run.aws.rds.untag(server.arn, ofAnotherServer),
    );
  if (missing.length > 0)
    await run.call('record of the original settings', () =>
      run.aws.rds.tag(server.arn, Object.fromEntries(missing)),
    );
  if (obsolete.length > 0)
    await run.call('removal of obsolete records', () => run.aws.rds.untag(server.arn, obsolete));
}

/** How long RDS may report a group as in use after its last server left it. */
const MAX_IN_USE_MS = 5 * 60_000;

/** Deletes a group, which RDS allows only a moment after it is no longer associated. Returns the servers that still use it. */
export async function dropGroup(run: Run, server: ServerName, name: string): Promise<readonly string[]> {
  const group = { kind: server.kind, name };
  const { rds } = run.aws;
  if (!(await run.call(`parameter group ${name}`, () => rds.findGroup(group)))) return [];
  const from = run.clock.now();
  return waitUntil(
    run,
    () => `the parameter group ${name} to be out of use`,
    async () => {
      if (await deleteGroup(run, server, name)) return [];
      const users = await run.call(`users of parameter group ${name}`, () => rds.usersOf(group));
      if (users.length > 0) {
        run.log.warn('parameter group not deleted: it is in use', { group: name, users: users.join(', ') });
        return users;
      }
      if (run.clock.now() - from < MAX_IN_USE_MS) return undefined;
      throw new Failure(
        `rds:Delete of the parameter group ${name} failed with InvalidDBParameterGroupState for 5 minutes: RDS reports the group as in use, although no server uses it. Reboot the instances of the ${nameOf(server)}, then delete again.`,
        'InvalidDBParameterGroupState',
      );
    },
  );
}

/** Returns false if RDS reports the group as in use. */
export async function deleteGroup(run: Run, { kind }: ServerName, name: string): Promise<boolean> {
  const remove = async () =>
    run.call(`deletion of parameter group ${name}`, () => run.aws.rds.deleteGroup({ kind, name }));
  return isAccepted(remove, GROUP_BUSY);
}

/** Returns false if RDS refuses a change because it is changing the server or the group itself. */
async function isAccepted(change: () => Promise<void>, busy: readonly string[]): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (isAws(error, ...busy)) return false;
    throw error;
  }
}
