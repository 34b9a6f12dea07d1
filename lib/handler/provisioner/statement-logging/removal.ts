import type { RemoveRequest } from '../runtime/lifecycle';
import type { Continue } from '../runtime/outcome';
import type { ServerName } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { notAllowed } from '../aws/failure';
import { dropRecord } from '../log-group/record';
import { addToRecord, changeServer, dropGroup, saveRecord, setParameters } from './carry-out';
import { confirmOnLogGroup, putBackLogGroup } from './set-up';
import { observe, type Observed } from './observe';
import { isDefaultGroup, ownGroupName } from './parameter-group';
import { EXPORT } from './plan';
import { confirmedOriginal, readRecord } from './read-record';
import { rebootIfPossible, type Reboots } from './reboot';
import { isNeededBy, type LoggingRecord, tagsOf } from './record';
import { contradictingTags } from './decide';
import { transferRecord, removalPlanFor } from './removal-plan';
import { resumable, waitUntil } from '../runtime/resumable';
import { findServer, nameOf, NoSuchServer } from './server-status';
import { tagPrefix } from '../log-group/record-tags';

type Removal = Omit<RemoveRequest<StatementLoggingRequest>, 'stackId' | 'stackName' | 'requestId'>;

interface Progress {
  readonly reboots: Reboots;
  /** Something was changed on the server, or may have been. */
  changed: boolean;
}

/** Puts the server back, by the record of what was changed: as often as one likes. */
export async function removeLogging(request: Removal, run: Run): Promise<Continue | undefined> {
  const reboots: Reboots = { ...(request.state as { reboots?: Reboots } | undefined)?.reboots };
  const progress: Progress = { reboots, changed: request.physicalId !== undefined };
  return resumable(
    run,
    async () => remove(request, run, progress),
    () => ({ reboots }),
  ).catch((error: unknown) => {
    if (progress.changed) throw error;
    return notAllowed(run, error);
  });
}

async function remove({ desired, ownerKey }: Removal, run: Run, progress: Progress): Promise<undefined> {
  const name = desired.server;
  const groups = new Set([ownGroupName(desired.newGroupName, name)]);
  const server = await existingServer(run, desired);
  const { record, doubts = [] } = server ? await readRecord(run, server, ownerKey, desired) : {};
  for (const doubt of doubts) run.log.warn('left alone: the record is not believed', { doubt });
  let isBack = false;
  if (record && Object.keys(record).length > 0) {
    // The record is written before anything else is.
    progress.changed = true;
    isBack = await restore(run, desired, record, { ownerKey, groups }).catch((error: unknown) => {
      if (!(error instanceof NoSuchServer)) throw error;
      run.log.info(`nothing more to put back: the ${nameOf(name)} is gone`);
      return false;
    });
  }
  for (const group of groups) await dropGroup(run, name, group);
  if (isBack && desired.reboot === 'if-pending') await rebootIfPossible(run, name, progress.reboots);
  // Last: until then a Delete that comes again knows what there is to do.
  if (record?.logGroup) await dropRecord(run, desired.log.logGroupName, ownerKey);
  const now = record && (await findServer(run, name));
  if (now) await saveRecord(run, now, {}, tagPrefix(ownerKey));
}

/** Undefined where it is gone; one that is being deleted is waited for, since it holds our group. */
async function existingServer(run: Run, { server }: StatementLoggingRequest) {
  const what = () => `the deletion of the ${nameOf(server)}`;
  const { found } = await waitUntil(run, what, async () => {
    const found = await findServer(run, server);
    return found?.status === 'deleting' ? undefined : { found };
  });
  if (!found) run.log.info(`nothing to put back: the ${nameOf(server)} is gone`);
  return found;
}

interface Going {
  readonly ownerKey: string;
  /** The groups to be removed. */
  readonly groups: Set<string>;
}

/** Puts back what nobody else needs; the rest goes into the records of others. True where the former group is back. */
async function restore(
  run: Run,
  desired: StatementLoggingRequest,
  all: LoggingRecord,
  { ownerKey, groups }: Going,
): Promise<boolean> {
  const name = desired.server;
  const server = await findServer(run, name);
  if (!server) return false;
  const observed = await observe(run, server, all, desired, ownerKey);
  const { others, group } = observed;
  const { rest: record, successors, isGroupKept } = transferRecord(all, others, observed, desired.log);
  for (const successor of successors) {
    await addToRecord(run, server, tagsOf(successor.record, successor.prefix));
    const { logGroup } = successor.record;
    if (logGroup && observed.logGroup)
      await confirmOnLogGroup(run, desired.log.logGroupName, tagsOf({ logGroup }, successor.prefix));
  }
  if (others.length > 0) {
    run.log.info('others log the statements of the server: what they need stays', { server: nameOf(name) });
    await saveRecord(run, server, record, tagPrefix(ownerKey));
  }
  if (all.own) groups.add(all.own.name);
  if (isGroupKept) groups.delete(group.name);
  const originalGroup = await originalGroupOf(run, observed, name, record);
  const plan = removalPlanFor(observed, record, { originalGroup, isGroupKept });
  for (const what of plan.leftAlone)
    run.log.warn('left alone: somebody changed it since', { server: nameOf(name), what });
  if (plan.revert) await setParameters(run, name, plan.revert);
  if (plan.associate || plan.disableExport)
    await changeServer(run, name, {
      ...(plan.associate && { groupName: plan.associate }),
      ...(plan.disableExport && { disableExports: [EXPORT] }),
    });
  if (record.logGroup) {
    const keepMasking = others.some((other) => isNeededBy(other, 'masking'));
    await putBackLogGroup(run, desired, record.logGroup, keepMasking);
  }
  return plan.isBack;
}

/** The group of before, where it still exists. Nothing else than the default group is associated on the word of one tag. */
async function originalGroupOf(
  run: Run,
  { group }: Observed,
  server: ServerName,
  { own }: LoggingRecord,
): Promise<string | undefined> {
  if (!own || isDefaultGroup(own.former)) return undefined;
  if (group.name === own.former) return own.former; // an earlier run put it back
  const former = { kind: server.kind, name: own.former };
  if (!(await run.call(`parameter group ${former.name}`, () => run.aws.rds.findGroup(former))))
    return undefined;
  const confirmed = await confirmedOriginal(run, server.kind, own);
  if (confirmed === undefined && group.name === own.name) throw contradictingTags(server, own);
  return confirmed !== undefined && isDefaultGroup(confirmed) ? undefined : confirmed;
}
