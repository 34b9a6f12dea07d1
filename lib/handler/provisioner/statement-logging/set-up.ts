import { type ServerName, type ServerState, nameOf } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { assertTagsFit, renewGroupTags } from '../aws/stack-tags';
import { finishSetUp, originalAfter, setUpLogGroup } from '../log-group/owned';
import { shorten } from '../../shorten';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Continue, Done } from '../runtime/outcome';
import { carryOut, deleteGroup, dropGroup, saveRecord, setParameters } from './carry-out';
import { decide, stillUsed } from './decide';
import { driftOf, noticesFor, pendingReboot, rebootNotice } from './notices';
import { inspect } from './observe';
import { ownGroupName } from './parameter-group';
import { type Plan, planFor, recordMeanwhile } from './plan';
import { statementLoggingId, type StatementLoggingRequest } from './properties';
import { rebootPending, type Reboots, settledServer } from './reboot';
import { requirementsOfRequest, serverTagsOf, tagsOf, tagsWithOwnRecord } from './record';
import { resumable } from '../runtime/resumable';
import { availableServer } from './server-status';

/** The part of a request that sets up the logging. */
export type SetUp = Pick<Request<StatementLoggingRequest>, 'desired' | 'ownerKey' | 'state'>;

interface Progress {
  readonly reboots?: Reboots;
  readonly notices?: readonly string[];
}

/** Makes a server log its statements and export the log, whatever state an earlier run left. */
export async function setUpLogging(
  request: SetUp,
  run: Run,
  previous?: StatementLoggingRequest,
  addedNotices: readonly string[] = [],
): Promise<Done | Continue> {
  const progress = (request.state ?? {}) as Progress;
  const reboots: Reboots = { ...progress.reboots };
  const notices = [...new Set([...(progress.notices ?? []), ...addedNotices])];
  return resumable(
    run,
    async () => setUp(request, run, { reboots, notices }, previous),
    () => ({ reboots, notices }) satisfies Progress,
  );
}

async function setUp(
  { desired, ownerKey, state }: SetUp,
  run: Run,
  { reboots, notices }: { readonly reboots: Reboots; readonly notices: string[] },
  previous?: StatementLoggingRequest,
): Promise<Done> {
  const name = desired.server;
  const server = await availableServer(run, name);
  const { record, observed, doubts } = await inspect(run, server, desired, ownerKey);
  const plan = planFor(observed, record, desired);
  const found = [
    ...doubts,
    // Only the first invocation compares: later ones find its unfinished changes.
    ...(previous && state === undefined ? driftOf(observed, record, previous) : []),
    ...noticesFor(observed, decide(observed, record, desired), desired),
  ];
  notices.push(...found.filter((notice) => !notices.includes(notice)));

  const meanwhile = recordMeanwhile(observed, record, plan);
  assertTagsFit(nameOf(name), tagsWithOwnRecord(server), serverTagsOf(meanwhile, ownerKey, server));
  if (plan.revert) await setParameters(run, name, plan.revert);
  if (plan.dropOwn) await dropOwn(run, name, observed.ownGroup, plan);
  await saveRecord(run, server, meanwhile, ownerKey);
  const change = { desired: desired.log, previous: previous?.log, needs: requirementsOfRequest(desired) };
  const logGroup = await setUpLogGroup(run, observed.ownedLogGroup, change);
  notices.push(...(logGroup.notices ?? []).filter((notice) => !notices.includes(notice)));
  await carryOut(run, name, plan, { record: tagsOf(plan.record, ownerKey), given: desired.log.tags });
  const own = ownGroupName(desired.newGroupName, name);
  if (previous && server.groupName === own)
    await renewGroupTags(run, { kind: name.kind, name: own }, desired.log.tags, previous.log.tags);

  const settled =
    desired.rebootPolicy === 'if-pending'
      ? await rebootPending(run, name, reboots)
      : await settledServer(run, name);
  await finishSetUp(run, logGroup, change);
  const known = { ...server.tags, ...tagsOf(meanwhile, ownerKey) };
  const original = originalAfter(logGroup, change.needs, observed.others, tagsWithOwnRecord(settled));
  await saveRecord(run, settled, { ...plan.record, logGroup: original }, ownerKey, known);
  return answerFor(run, desired, settled, notices);
}

/** Deletes an unassociated group of this library; it may remain until the removal unless a new group needs its name. */
async function dropOwn(run: Run, server: ServerName, group: string, { makeOwn }: Plan): Promise<void> {
  if (!makeOwn) return void (await deleteGroup(run, server, group));
  const users = await dropGroup(run, server, group);
  if (users.length > 0) throw stillUsed(group, server, users);
}

/** Returns the attributes for the template and logs the notices. `found`: the server, if RDS returned it. */
export function answerFor(
  run: Run,
  { server, log }: StatementLoggingRequest,
  found: Pick<ServerState, 'groupName' | 'members'> | undefined,
  notices: readonly string[],
): Done {
  const pending = found ? pendingReboot(found.members) : [];
  const all = [...notices, ...(found ? rebootNotice(pending, found.groupName) : [])];
  for (const notice of all) run.log.warn('notice', { notice });
  return {
    physicalId: statementLoggingId(server),
    data: {
      ParameterGroupName: found?.groupName ?? UNKNOWN,
      PendingReboot: pending.join(','),
      LogGroupName: log.logGroupName,
      Notices: shorten(all.join(' '), 1_000),
    },
  };
}
