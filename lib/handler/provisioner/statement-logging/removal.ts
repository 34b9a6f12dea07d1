import type { RemoveRequest } from '../runtime/lifecycle';
import type { Continue } from '../runtime/outcome';
import { type ServerName, nameOf } from '../aws/rds-ports';
import type { StatementLoggingRequest } from './properties';
import type { Run } from '../aws/run';
import { notAllowed } from '../aws/failure';
import { changeServer, dropGroup, saveRecord, setParameters } from './carry-out';
import { leaveLogGroup } from '../log-group/owned';
import { inspect, type Inspection, type Observed } from './observe';
import { isDefaultGroup, ownGroupName } from './parameter-group';
import { EXPORT } from './plan';
import { confirmedOriginalGroup } from './read-record';
import { rebootIfPossible, type Reboots } from './reboot';
import type { Original } from './record';
import { contradictingTags } from './decide';
import { removalPlanFor, type RemovalPlan } from './removal-plan';
import { resumable, waitUntil } from '../runtime/resumable';
import { findServer, NoSuchServer } from './server-status';

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
  const inspection = server && (await inspect(run, server, desired, ownerKey));
  for (const doubt of inspection?.doubts ?? [])
    run.log.warn('not restored: the record is not confirmed', { doubt });
  let plan: Pick<RemovalPlan, 'kept' | 'isRestored'> = { kept: {}, isRestored: false };
  if (server && inspection && hasRecord(inspection)) {
    // The record is written before the first change.
    progress.changed = true;
    plan = await restore(run, desired, inspection, groups).catch((error: unknown) => {
      if (!(error instanceof NoSuchServer)) throw error;
      run.log.info(`nothing more to restore: the ${nameOf(name)} does not exist`);
      return plan;
    });
  }
  for (const group of groups) await dropGroup(run, name, group);
  if (plan.isRestored && desired.rebootPolicy === 'if-pending')
    await rebootIfPossible(run, name, progress.reboots);
  // The record goes last: a repeated Delete needs it.
  const now = inspection && hasRecord(inspection) && (await findServer(run, name));
  if (now) await saveRecord(run, now, plan.kept, ownerKey, server?.tags);
}

/** True if this owner has an entry, or nobody has one, for example because somebody removed it: the record is then restored. */
function hasRecord({ record, observed }: Inspection): boolean {
  return (
    record.requirements !== undefined || (observed.others.length === 0 && Object.keys(record).length > 0)
  );
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

/** Restores the settings that no other owner requires; adds the parameter groups to delete. */
async function restore(
  run: Run,
  desired: StatementLoggingRequest,
  { observed, record }: Inspection,
  groups: Set<string>,
): Promise<RemovalPlan> {
  const name = desired.server;
  const { others, group } = observed;
  if (others.length > 0)
    run.log.info('settings kept: other owners log the statements of the server', { server: nameOf(name) });
  const isGroupKept = others.length > 0 && group.name === record.own?.name;
  const originalGroup = isGroupKept ? undefined : await originalGroupOf(run, observed, name, record);
  const plan = removalPlanFor(observed, record, originalGroup);
  if (record.own) groups.add(record.own.name);
  if (isGroupKept) groups.delete(group.name);
  for (const what of plan.leftAlone)
    run.log.warn('not restored: changed outside of this deployment', { server: nameOf(name), what });
  if (plan.revert) await setParameters(run, name, plan.revert);
  if (plan.associate || plan.disableExport)
    await changeServer(run, name, {
      ...(plan.associate && { groupName: plan.associate }),
      ...(plan.disableExport && { disableExports: [EXPORT] }),
    });
  if (record.logGroup) await leaveLogGroup(run, observed.ownedLogGroup, desired.log);
  return plan;
}

/** Returns the original group if it still exists. One tag alone is enough only for a default group. */
async function originalGroupOf(
  run: Run,
  { group }: Observed,
  server: ServerName,
  { own }: Original,
): Promise<string | undefined> {
  if (!own || isDefaultGroup(own.original)) return undefined;
  if (group.name === own.original) return own.original; // an earlier run restored it
  const original = { kind: server.kind, name: own.original };
  if (!(await run.call(`parameter group ${original.name}`, () => run.aws.rds.findGroup(original))))
    return undefined;
  const confirmed = await confirmedOriginalGroup(run, server.kind, own);
  if (confirmed === undefined && group.name === own.name) throw contradictingTags(server, own);
  return confirmed !== undefined && isDefaultGroup(confirmed) ? undefined : confirmed;
}
