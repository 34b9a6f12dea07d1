import type { ServerName, ServerState, Tags } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { assertRoomForTags, renewGroupTags, renewLogGroupTags } from '../aws/stack-tags';
import { isMadeAnew } from '../log-group/anew';
import { changeLogGroup, ensureLogGroup } from '../log-group/lifecycle';
import { mask, unmask } from '../log-group/masking';
import { dropRecord } from '../log-group/record';
import { tagPrefix } from '../log-group/record-tags';
import { settingsAfter, settingsFor, requestedSettings } from '../log-group/settings';
import { shorten } from '../runtime/failure';
import type { Request } from '../runtime/lifecycle';
import type { Continue, Done } from '../runtime/outcome';
import { carryOut, deleteGroup, dropGroup, saveRecord, setParameters } from './carry-out';
import { decide, stillUsed } from './decide';
import { driftOf, noticesFor, pendingReboot, rebootNotice } from './notices';
import { observe } from './observe';
import { ownGroupName } from './parameter-group';
import { type Plan, planFor, recordMeanwhile } from './plan';
import { statementLoggingId, type StatementLoggingRequest } from './properties';
import { readRecord } from './read-record';
import { rebootPending, type Reboots, settledServer } from './reboot';
import { type LoggingRecord, tagsOf } from './record';
import { resumable } from '../runtime/resumable';
import { availableServer, nameOf } from './server-status';

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
  const prefix = tagPrefix(ownerKey);
  const server = await availableServer(run, name);
  const { record, doubts } = await readRecord(run, server, ownerKey, desired);
  const observed = await observe(run, server, record, desired, ownerKey);
  const plan = planFor(observed, record, desired);
  const found = [
    ...doubts,
    // Only the first invocation compares: later ones find its unfinished changes.
    ...(previous && state === undefined ? driftOf(observed, record, previous) : []),
    ...noticesFor(observed, decide(observed, record, desired), desired),
  ];
  notices.push(...found.filter((notice) => !notices.includes(notice)));

  const meanwhile = recordMeanwhile(observed, record, plan);
  assertRoomForTags(nameOf(name), server.tags, tagsOf(meanwhile, prefix));
  if (plan.revert) await setParameters(run, name, plan.revert);
  if (plan.dropOwn) await dropOwn(run, name, observed.ownGroup, plan);
  await saveRecord(run, server, meanwhile, prefix);
  if (plan.record.logGroup) await setUpLogGroup(run, desired, plan.record.logGroup, { ownerKey, previous });
  await carryOut(run, name, plan, { record: tagsOf(plan.record, prefix), given: desired.log.tags });
  const own = ownGroupName(desired.newGroupName, name);
  if (previous && server.groupName === own)
    await renewGroupTags(run, { kind: name.kind, name: own }, desired.log.tags, previous.log.tags);

  const settled =
    desired.rebootPolicy === 'if-pending'
      ? await rebootPending(run, name, reboots)
      : await settledServer(run, name);
  // No record remains for a log group without requested settings, for example after the rollback of the first request.
  const { logGroup, ...rest } = plan.record;
  const isLeft = logGroup !== undefined && requestedSettings(desired.log).length === 0;
  await saveRecord(run, settled, isLeft ? rest : plan.record, prefix);
  if (isLeft) await dropRecord(run, desired.log.logGroupName, ownerKey);
  return answerFor(run, desired, settled, notices);
}

/** Deletes an unassociated group of this library; it may remain until the removal unless a new group needs its name. */
async function dropOwn(run: Run, server: ServerName, group: string, { makeOwn }: Plan): Promise<void> {
  if (!makeOwn) return void (await deleteGroup(run, server, group));
  const users = await dropGroup(run, server, group);
  if (users.length > 0) throw stillUsed(group, server, users);
}

/** Returns the attributes for the template and logs the notices. */
export function answerFor(
  run: Run,
  { server, log }: StatementLoggingRequest,
  { groupName, members }: Pick<ServerState, 'groupName' | 'members'>,
  notices: readonly string[],
): Done {
  const pending = pendingReboot(members);
  const all = [...notices, ...rebootNotice(pending, groupName)];
  for (const notice of all) run.log.warn('notice', { notice });
  return {
    physicalId: statementLoggingId(server),
    data: {
      ParameterGroupName: groupName,
      PendingReboot: pending.join(','),
      LogGroupName: log.logGroupName,
      Notices: shorten(all.join(' '), 1_000),
    },
  };
}

/** Sets retention, key and masking of the log group before RDS writes to it. */
async function setUpLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  before: NonNullable<LoggingRecord['logGroup']>,
  { ownerKey, previous }: { readonly ownerKey: string; readonly previous?: StatementLoggingRequest },
): Promise<void> {
  const tags = tagsOf({ logGroup: before }, tagPrefix(ownerKey));
  const anew = await isMadeAnew(run, log.logGroupName, ownerKey);
  await ensureLogGroup(run, log, tags);
  await confirmOnLogGroup(run, log.logGroupName, tags);
  if (previous && before.made) await renewLogGroupTags(run, log.logGroupName, log.tags, previous.log.tags);
  const left = previous ? settingsFor(before, previous.log) : before;
  await changeLogGroup(run, log.logGroupName, left, settingsFor(before, log), anew ? [{}] : []);
  await mask(run, log, previous?.log);
}

/** Copies the log group's record from the tags of the server to those of the log group: each confirms the other. */
export async function confirmOnLogGroup(run: Run, name: string, tags: Tags): Promise<void> {
  const found = await run.call(`tags of log group ${name}`, () => run.aws.logs.readTags(name));
  if (Object.entries(tags).some(([key, value]) => found[key] !== value))
    await run.call(`record of the original settings of log group ${name}`, () =>
      run.aws.logs.tag(name, tags),
    );
}

export async function restoreLogGroup(
  run: Run,
  { log }: StatementLoggingRequest,
  before: NonNullable<LoggingRecord['logGroup']>,
  keepMasking: boolean,
): Promise<void> {
  const left = settingsFor(before, log);
  const found = await changeLogGroup(run, log.logGroupName, left, settingsAfter(before, log));
  if (found && !keepMasking) await unmask(run, log);
}
