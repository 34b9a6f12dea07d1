import type { ApplyRequest, Owner } from '../../../private/wire/sql';
import type { ApplyReport, DatabaseReport } from '../../../private/wire/sql-reports';
import { CheckFailed, PartiallyCreated } from '../runtime/failure';
import { UNKNOWN, type Request, type UpdateRequest } from '../runtime/lifecycle';
import { Continue, type Outcome } from '../runtime/outcome';
import { accessId, type DatabaseAccess, parseDatabaseAccess } from './properties';
import { isKeptId, isPartialId, keptIdFor, partialIdFor, targetIn } from '../runtime/physical-ids';
import type { Lifecycle, Run } from '../aws/run';
import { converge, type Convergence } from '../sql-client/converge';
import { logNotices } from '../sql-client/invoke';
import { evaluate } from './evaluate';
import { overrideNotices, readNotices } from './notices';
import { attributesOf, unknownAttributes } from './attributes';
import { applyRequest, readPassword, verifyRequest } from '../sql-client/request';
import { findServer, refuseUnsupported } from '../sql-client/server-address';
import {
  assertVerified,
  isCheck,
  stepAttributes,
  withoutChecks,
  withoutLogin,
  writableNotices,
} from './verification';
import { removeAccess, removeAtOnce, removePartiallyCreated, roleOn } from './removal';
import { mayStay, unreachable } from './unreachable';
import { skipInspectionOnDestroy, removePrevious } from './previous-access';
import { setUpThenRemovePrevious, type PreviousTarget } from '../runtime/previous-target';
import { hasSamePath, isReplacedByStack } from '../sql-client/server-target';

/** Of a Create that failed on what an earlier deployment had left on purpose, by `removalPolicy`, or could not remove. */
const LEFT_BEHIND = 'The role existed before, from an earlier deployment of this resource, and is kept.';

/** Role, password, temp schema and grants on one server, made by the sql-runner. */
export const databaseAccess: Lifecycle<DatabaseAccess> = {
  parse: parseDatabaseAccess,
  idPrefix: 'datafold-access/',
  removesPrevious: true,

  async create(request, run) {
    const { desired } = request;
    return apply(request, run, undefined, (found) => {
      if (found) run.partialId = keptIdFor(idOf(desired));
      else [run.partialId, run.mayStay] = [partialIdFor(idOf(desired)), mayStay(desired)];
    });
  },

  async undo(request, run) {
    const { desired } = request;
    if (!desired.manageRole) return;
    if (run.partialId !== undefined && isKeptId(run.partialId))
      throw new PartiallyCreated(run.partialId, LEFT_BEHIND);
    const removed = await removeAtOnce(run, desired, ownerOf(request, idOf(desired)));
    if (!removed && run.partialId !== undefined) throw new PartiallyCreated(run.partialId);
  },

  async update(request, run) {
    const { desired } = request;
    return change(request, run).catch((error: unknown) => {
      if (!isCheck(error, desired)) throw error;
      const lenient = { ...request, desired: withoutChecks(desired) };
      throw new CheckFailed(error, async () => change(lenient, run));
    });
  },

  /** Removes the role that the failed update left elsewhere, and changes nothing else. */
  async answerWithoutWork(request, notice, run) {
    const { desired } = request;
    const { host, port } = await findServer(run, desired.server).catch(() => ({
      host: UNKNOWN,
      port: desired.server.port,
    }));
    const data = { Host: host, Port: String(port), ...unknownAttributes(run, desired.access, notice) };
    return removePreviousTarget(request, run, async () => ({ physicalId: idOf(desired), data }));
  },

  async remove(request, run) {
    const { desired, physicalId, state } = request;
    if (!desired.manageRole) return kept(run, 'a DBA runs the SQL');
    if (physicalId !== undefined && isKeptId(physicalId))
      return kept(run, 'the role existed before the Create');
    if (physicalId === undefined)
      return removePartiallyCreated(run, desired, ownerOf(request, idOf(desired)), state);
    const partialId = isPartialId(physicalId);
    if (desired.removalPolicy === 'retain' && !partialId) return kept(run, 'the removal policy says so');
    return removeAccess(run, desired, ownerOf(request, idOf(desired)), state)
      .catch((error: unknown) => skipInspectionOnDestroy(error, request, run))
      .catch((error: unknown) => unreachable(error, { request, partialId }, run));
  },
};

function kept(run: Run, reason: string): undefined {
  run.log.info(`kept: ${reason}`);
}

/**
 * Updates the role. With the same network path CloudFormation replaces the role and sends a Delete for the previous one after
 * the update. With another path or server the update removes the previous role itself, and a rollback removes the role that
 * the failed update left.
 */
async function change(request: UpdateRequest<DatabaseAccess>, run: Run): Promise<Outcome> {
  const { previous } = request;
  return removePreviousTarget(request, run, async (state) => apply({ ...request, state }, run, previous));
}

/** Sets up the desired role, then removes a previous role for which CloudFormation sends no Delete. */
async function removePreviousTarget(
  request: UpdateRequest<DatabaseAccess>,
  run: Run,
  setUp: (state: unknown) => Promise<Outcome>,
): Promise<Outcome> {
  const { previous, desired, physicalId } = request;
  const isAtTarget = targetIn(physicalId) === idOf(desired);
  const isMoving = previous && idOf(previous) !== idOf(desired) && !isForDelete(request, previous);
  return setUpThenRemovePrevious(
    { request, isAtTarget, setUp, previous: isMoving ? previousTarget(request, previous, run) : undefined },
    run,
  );
}

/** True if CloudFormation sends a Delete for the previous role that finds everything it needs. */
function isForDelete(
  { desired, physicalId }: UpdateRequest<DatabaseAccess>,
  previous: DatabaseAccess,
): boolean {
  return (
    targetIn(physicalId) === idOf(previous) &&
    hasSamePath(previous, desired) &&
    previous.access.maintenanceDatabase === desired.access.maintenanceDatabase
  );
}

function previousTarget(
  request: UpdateRequest<DatabaseAccess>,
  previous: DatabaseAccess,
  run: Run,
): PreviousTarget {
  const { desired } = request;
  const owner = ownerOf(request, idOf(previous));
  return {
    mayBeLeft: `${roleOn(previous)} may still exist, since it could not be removed.`,
    isReplacedByStack: isReplacedByStack(previous, desired),
    async remove(state, rollingBack) {
      if (!previous.manageRole) return kept(run, 'a DBA runs the SQL');
      if (previous.removalPolicy === 'retain' && !rollingBack) return kept(run, 'the removal policy says so');
      return removePrevious(run, { previous, desired, owner, rollingBack }, state);
    },
  };
}

async function apply(
  request: Request<DatabaseAccess>,
  run: Run,
  previous?: DatabaseAccess,
  onConnected?: Convergence['onConnected'],
): Promise<Outcome> {
  const { desired, state } = request;
  const physicalId = idOf(desired);
  const owner = ownerOf(request, physicalId);
  if (state === undefined && desired.statementLog) await refuseUnsupported(run, desired.statementLog.server);
  const ask = () => applyRequest(run, desired, owner, previous?.access);
  const report = desired.manageRole
    ? await applyAndVerify(run, desired, { ask, onConnected }, state)
    : await verifyOnly(run, desired, onConnected, state);
  if (report instanceof Continue) return report;
  const { roleName } = desired.access;
  const { databases, failed } = await evaluate(run, inExistingDatabases(desired, report), report.databases);
  assertVerified(failed, desired);
  const notices = [
    ...report.notices,
    ...writableNotices(roleName, databases),
    ...readNotices(roleName, databases),
    ...(desired.statementLog ? overrideNotices(databases) : []),
  ];
  logNotices(run, notices);
  for (const { databaseName, step, message } of failed)
    run.log.warn('a step of the verification failed', { databaseName, step, error: message });
  const { host, port } = await findServer(run, desired.server);
  const reported = attributesOf(run, roleName, { databases, notices });
  return {
    physicalId,
    data: { Host: host, Port: String(port), ...reported, ...stepAttributes(databases, failed) },
  };
}

/** The state of an interrupted run; the verification has its own retry window. */
interface Progress {
  readonly verification?: unknown;
}

/** What is known after the set-up of the role. */
type SetUpReport = Pick<ApplyReport, 'databases' | 'notices'>;

/** Applies, then verifies: an apply without changes tests only a part. */
async function applyAndVerify(
  run: Run,
  desired: DatabaseAccess,
  applying: Applying,
  state: unknown,
): Promise<SetUpReport | Continue> {
  const { verification, ...progress } = (state ?? {}) as Progress;
  const report = await applyWithCurrentPassword(run, desired, applying, progress);
  if (report instanceof Continue || report.databases.every(isFullReport)) return report;
  const connected = { connected: true };
  const check = {
    sqlRunner: desired.sqlRunner,
    request: () => verifyRequest(run, inExistingDatabases(desired, report)),
  };
  const verified = await converge(run, check, verification ?? connected);
  if (verified instanceof Continue) return new Continue({ ...connected, verification: verified.state });
  return { ...report, databases: verified.databases };
}

/** Verifies a role that a DBA set up. */
async function verifyOnly(
  run: Run,
  desired: DatabaseAccess,
  onConnected: Convergence['onConnected'],
  state: unknown,
): Promise<SetUpReport | Continue> {
  const request = () => verifyRequest(run, desired);
  const report = await converge(run, { sqlRunner: desired.sqlRunner, request, onConnected }, state).catch(
    (error: unknown) => withoutLogin(error, desired),
  );
  return report instanceof Continue ? report : { ...report, notices: [] };
}

interface Applying extends Pick<Convergence, 'onConnected'> {
  /** Builds the request with the current secrets. */
  readonly ask: () => Promise<ApplyRequest>;
}

/** Applies again if a rotation replaced the password in the meantime. */
async function applyWithCurrentPassword(
  run: Run,
  desired: DatabaseAccess,
  { ask, onConnected }: Applying,
  state: unknown,
): Promise<ApplyReport | Continue> {
  let asked: ApplyRequest | undefined;
  const request = async () => (asked = await ask());
  const converged = async (from: unknown) =>
    converge(run, { sqlRunner: desired.sqlRunner, request, onConnected }, from);
  const report = await converged(state);
  if (report instanceof Continue || report.statements === 0) return report;
  const password = await readPassword(run, desired.passwordSecret);
  if (password === asked?.password) return report;
  const again = await converged(undefined);
  if (again instanceof Continue) return again;
  return { ...again, notices: [...report.notices, ...again.notices] };
}

function inExistingDatabases(desired: DatabaseAccess, report: SetUpReport): DatabaseAccess {
  const there = new Set(report.databases.map(({ databaseName }) => databaseName));
  const databases = desired.access.databases.filter(({ databaseName }) => there.has(databaseName));
  return { ...desired, access: { ...desired.access, databases } };
}

function isFullReport({ writableCount }: DatabaseReport): boolean {
  return writableCount !== undefined;
}

function idOf({ server, access }: DatabaseAccess): string {
  return accessId(server, access.roleName);
}

function ownerOf({ ownerKey, stackName }: Request<DatabaseAccess>, id: string): Owner {
  return { key: ownerKey, id, stackName };
}
