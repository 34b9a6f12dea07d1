import type { RemoveRequest } from '../runtime/lifecycle';
import type { Continue } from '../runtime/outcome';
import type { ServerName } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { notAllowed } from '../aws/failure';
import { dropRecord } from '../log-group/record';
import { addToRecord, changeServer, dropGroup, saveRecord, setParameters } from './carry-out';
import { confirmOnLogGroup, restoreLogGroup } from './set-up';
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
  /** True if the server was changed or may have been. */
  changed: boolean;
}

/** Restores the server by the record of its changes. Idempotent. */
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
  for (const doubt of doubts) run.log.warn('not restored: the record is not confirmed', { doubt });
  let isRestored = false;
  if (record && Object.keys(record).length > 0) {
    // The record is written before the first change.
    progress.changed = true;
    isRestored = await restore(run, desired, record, { ownerKey, groups }).catch((error: unknown) => {
      if (!(error instanceof NoSuchServer)) throw error;
      run.log.info(`nothing more to restore: the ${nameOf(name)} does not exist`);
      return false;
    });
  }
  for (const group of groups) await dropGroup(run, name, group);
  if (isRestored && desired.rebootPolicy === 'if-pending')
    await rebootIfPossible(run, name, progress.reboots);
  // The record goes last: a repeated Delete needs it.
  if (record?.logGroup) await dropRecord(run, desired.log.logGroupName, ownerKey);
  const now = record && (await findServer(run, name));
  if (now) await saveRecord(run, now, {}, tagPrefix(ownerKey));
}

/** Returns undefined if the server does not exist; waits for the end of its deletion, until which it uses the group. */
async function existingServer(run: Run, { server }: StatementLoggingRequest) {
  const what = () => `the deletion of the ${nameOf(server)}`;
  const { found } = await waitUntil(run, what, async () => {
    const found = await findServer(run, server);
    return found?.status === 'deleting' ? undefined : { found };
  });
  if (!found) run.log.info(`nothing to restore: the ${nameOf(server)} does not exist`);
  return found;
}

interface RestoreContext {
  readonly ownerKey: string;
  /** The parameter groups to delete. */
  readonly groups: Set<string>;
}

/**
 * Restores the settings that no other owner needs and moves the rest of the record to the other owners.
 *
 * True if the original parameter group is associated again.
 */
async function restore(
  run: Run,
  desired: StatementLoggingRequest,
  all: LoggingRecord,
  { ownerKey, groups }: RestoreContext,
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
    run.log.info('settings kept: other owners log the statements of the server', { server: nameOf(name) });
    await saveRecord(run, server, record, tagPrefix(ownerKey));
  }
  if (all.own) groups.add(all.own.name);
  if (isGroupKept) groups.delete(group.name);
  const originalGroup = await originalGroupOf(run, observed, name, record);
  const plan = removalPlanFor(observed, record, { originalGroup, isGroupKept });
  for (const what of plan.leftAlone)
    run.log.warn('not restored: changed outside of this deployment', { server: nameOf(name), what });
  if (plan.revert) await setParameters(run, name, plan.revert);
  if (plan.associate || plan.disableExport)
    await changeServer(run, name, {
      ...(plan.associate && { groupName: plan.associate }),
      ...(plan.disableExport && { disableExports: [EXPORT] }),
    });
  if (record.logGroup) {
    const keepMasking = others.some((other) => isNeededBy(other, 'masking'));
    await restoreLogGroup(run, desired, record.logGroup, keepMasking);
  }
  return plan.isRestored;
}

/** Returns the original group if it still exists. One tag alone is enough only for a default group. */
async function originalGroupOf(
  run: Run,
  { group }: Observed,
  server: ServerName,
  { own }: LoggingRecord,
): Promise<string | undefined> {
  if (!own || isDefaultGroup(own.former)) return undefined;
  if (group.name === own.former) return own.former; // an earlier run restored it
  const former = { kind: server.kind, name: own.former };
  if (!(await run.call(`parameter group ${former.name}`, () => run.aws.rds.findGroup(former))))
    return undefined;
  const confirmed = await confirmedOriginal(run, server.kind, own);
  if (confirmed === undefined && group.name === own.name) throw contradictingTags(server, own);
  return confirmed !== undefined && isDefaultGroup(confirmed) ? undefined : confirmed;
}
