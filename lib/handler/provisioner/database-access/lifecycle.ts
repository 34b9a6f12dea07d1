import type { DatabaseReport, Owner, SqlReport, SqlRequest } from '../../../private/wire/sql';
import { CheckFailed, HalfMade } from '../runtime/failure';
import { UNKNOWN, type Request, type UpdateRequest } from '../runtime/lifecycle';
import { ContinueLater, type Outcome } from '../runtime/outcome';
import {
  accessId,
  type DatabaseAccess,
  halfMadeAccessId,
  isKeptAccessId,
  keptAccessId,
  parseDatabaseAccess,
} from './properties';
import { isHalfMadeId, targetIn } from '../runtime/physical-ids';
import type { Lifecycle, Run } from '../aws/run';
import { converge, type Convergence } from '../sql-client/converge';
import { tellNotices } from '../sql-client/invoke';
import { prove } from './evaluate';
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
import { removeAccess, removeAtOnce, removeHalfMade, roleOn } from './removal';
import { mayStay, outOfReach } from './out-of-reach';
import { noLookOnDestroy, removePrevious } from './previous-access';
import { setUpAndLeave, type PreviousTarget } from '../runtime/previous-target';
import { hasSamePath, isReplacedByStack } from '../sql-client/server-target';

/** Of a Create that failed on what an earlier deployment had left on purpose, by `removalPolicy`, or could not remove. */
const STAYS = 'The role was there before, from an earlier deployment of this resource: it stays.';

/** Role, password, temp schema and grants on one server, made by the sql-runner. */
export const databaseAccess: Lifecycle<DatabaseAccess> = {
  parse: parseDatabaseAccess,
  isOurs: (physicalId) => physicalId.startsWith('datafold-access/') || isKeptAccessId(physicalId),
  removesPrevious: true,

  async create(request, run) {
    const { wanted } = request;
    return apply(request, run, undefined, (found) => {
      const { server, access } = wanted;
      if (found) run.halfMade = keptAccessId(server, access.roleName);
      else [run.halfMade, run.mayStay] = [halfMadeAccessId(server, access.roleName), mayStay(wanted)];
    });
  },

  async undo(request, run) {
    const { wanted } = request;
    if (!wanted.manageRole) return;
    if (run.halfMade !== undefined && isKeptAccessId(run.halfMade)) throw new HalfMade(run.halfMade, STAYS);
    const removed = await removeAtOnce(run, wanted, ownerOf(request, idOf(wanted)));
    if (!removed && run.halfMade !== undefined) throw new HalfMade(run.halfMade);
  },

  async update(request, run) {
    const { wanted } = request;
    return change(request, run).catch((error: unknown) => {
      if (!isCheck(error, wanted)) throw error;
      const lenient = { ...request, wanted: withoutChecks(wanted) };
      throw new CheckFailed(error, async () => change(lenient, run));
    });
  },

  /** What the failed update left elsewhere goes; the rest stays as it is. */
  async answerWithoutWork(request, notice, run) {
    const { wanted } = request;
    const { host, port } = await findServer(run, wanted.server).catch(() => ({
      host: UNKNOWN,
      port: wanted.server.port,
    }));
    const data = { Host: host, Port: String(port), ...unknownAttributes(run, wanted.access, notice) };
    return leavePrevious(request, run, async () => ({ physicalId: idOf(wanted), data }));
  },

  async remove(request, run) {
    const { wanted, physicalId, state } = request;
    if (!wanted.manageRole) return kept(run, 'a DBA runs the SQL');
    if (physicalId !== undefined && isKeptAccessId(physicalId))
      return kept(run, 'it was there before the Create');
    if (physicalId === undefined) return removeHalfMade(run, wanted, ownerOf(request, idOf(wanted)), state);
    const halfMade = isHalfMadeId(physicalId);
    if (wanted.removalPolicy === 'retain' && !halfMade) return kept(run, 'the removal policy says so');
    return removeAccess(run, wanted, ownerOf(request, idOf(wanted)), state)
      .catch((error: unknown) => noLookOnDestroy(error, request, run))
      .catch((error: unknown) => outOfReach(error, { request, halfMade }, run));
  },
};

function kept(run: Run, because: string): undefined {
  run.log.info(`kept: ${because}`);
}

/**
 * A role on a server whose path stays is replaced by CloudFormation, which keeps the previous one until all else of the stack is
 * done; its Delete finds the path. With another path or server the update itself removes the previous role, and so does a
 * rollback with what the failed update left.
 */
async function change(request: UpdateRequest<DatabaseAccess>, run: Run): Promise<Outcome> {
  const { previous } = request;
  return leavePrevious(request, run, async (state) => apply({ ...request, state }, run, previous));
}

/** Sets up what is wanted, then removes a role that no Delete is sure to find. */
async function leavePrevious(
  request: UpdateRequest<DatabaseAccess>,
  run: Run,
  setUp: (state: unknown) => Promise<Outcome>,
): Promise<Outcome> {
  const { previous, wanted, physicalId } = request;
  const isAtTarget = targetIn(physicalId) === idOf(wanted);
  const leaves = previous && idOf(previous) !== idOf(wanted) && !isForDelete(request, previous);
  return setUpAndLeave(
    { request, isAtTarget, setUp, previous: leaves ? previousTarget(request, previous, run) : undefined },
    run,
  );
}

/** True where CloudFormation sends a Delete for the previous role that finds all it needs. */
function isForDelete(
  { wanted, physicalId }: UpdateRequest<DatabaseAccess>,
  previous: DatabaseAccess,
): boolean {
  return (
    targetIn(physicalId) === idOf(previous) &&
    hasSamePath(previous, wanted) &&
    previous.access.maintenanceDatabase === wanted.access.maintenanceDatabase
  );
}

function previousTarget(
  request: UpdateRequest<DatabaseAccess>,
  previous: DatabaseAccess,
  run: Run,
): PreviousTarget {
  const { wanted } = request;
  const owner = ownerOf(request, idOf(previous));
  return {
    mayBeLeft: `${roleOn(previous)} may still be there, since it could not be removed.`,
    isReplacedByStack: isReplacedByStack(previous, wanted),
    async remove(state, rollingBack) {
      if (!previous.manageRole) return kept(run, 'a DBA runs the SQL');
      if (previous.removalPolicy === 'retain' && !rollingBack) return kept(run, 'the removal policy says so');
      return removePrevious(run, { previous, wanted, owner, rollingBack }, state);
    },
  };
}

async function apply(
  request: Request<DatabaseAccess>,
  run: Run,
  previous?: DatabaseAccess,
  onReached?: Convergence['onReached'],
): Promise<Outcome> {
  const { wanted, state } = request;
  const physicalId = idOf(wanted);
  const owner = ownerOf(request, physicalId);
  if (state === undefined && wanted.statementLog) await refuseUnsupported(run, wanted.statementLog.server);
  const ask = wanted.manageRole
    ? () => applyRequest(run, wanted, owner, previous?.access)
    : () => verifyRequest(run, wanted);
  const report = await convergeAndVerify(run, wanted, { ask, onReached }, state).catch((error: unknown) =>
    withoutLogin(error, wanted),
  );
  if (report instanceof ContinueLater) return report;
  const { roleName } = wanted.access;
  const { databases, failed } = await prove(run, thereOf(wanted, report), report.databases);
  assertVerified(failed, wanted);
  const notices = [
    ...report.notices,
    ...writableNotices(roleName, databases),
    ...readNotices(roleName, databases),
    ...(wanted.statementLog ? overrideNotices(databases) : []),
  ];
  tellNotices(run, notices);
  for (const { databaseName, step, message } of failed)
    run.log.warn('a step of the verification failed', { databaseName, step, error: message });
  const { host, port } = await findServer(run, wanted.server);
  const told = attributesOf(run, roleName, { databases, notices });
  return {
    physicalId,
    data: { Host: host, Port: String(port), ...told, ...stepAttributes(databases, failed) },
  };
}

/** Where an invocation stopped; what the verification has waited for counts from its own start. */
interface Progress {
  readonly verification?: unknown;
}

/** An apply that had nothing to change tests less than a deployment is to show. */
async function convergeAndVerify(
  run: Run,
  wanted: DatabaseAccess,
  { ask, onReached }: { ask: () => Promise<SqlRequest> } & Pick<Convergence, 'onReached'>,
  state: unknown,
): Promise<SqlReport | ContinueLater> {
  const { sqlRunner } = wanted;
  const { verification, ...applying } = (state ?? {}) as Progress;
  const report = await applyWithCurrentPassword(run, wanted, { ask, onReached }, applying);
  if (report instanceof ContinueLater || report.databases.every(isWhole)) return report;
  const reached = { reached: true };
  const check = { sqlRunner, request: () => verifyRequest(run, thereOf(wanted, report)) };
  const verified = await converge(run, check, verification ?? reached);
  if (verified instanceof ContinueLater)
    return new ContinueLater({ ...reached, verification: verified.state });
  return { ...report, databases: verified.databases };
}

/** A rotation may replace the password while a run sets the former one: then another run sets the new one. */
async function applyWithCurrentPassword(
  run: Run,
  wanted: DatabaseAccess,
  { ask, onReached }: { ask: () => Promise<SqlRequest> } & Pick<Convergence, 'onReached'>,
  state: unknown,
): Promise<SqlReport | ContinueLater> {
  let asked: SqlRequest | undefined;
  const request = async () => (asked = await ask());
  const converged = async (from: unknown) =>
    converge(run, { sqlRunner: wanted.sqlRunner, request, onReached }, from);
  const report = await converged(state);
  if (report instanceof ContinueLater || report.statements === 0 || asked?.operation !== 'apply')
    return report;
  const password = await readPassword(run, wanted.passwordSecret);
  if (password === asked.password) return report;
  const again = await converged(undefined);
  if (again instanceof ContinueLater) return again;
  return { ...again, notices: [...report.notices, ...again.notices] };
}

function thereOf(wanted: DatabaseAccess, report: SqlReport): DatabaseAccess {
  const there = new Set(report.databases.map(({ databaseName }) => databaseName));
  const databases = wanted.access.databases.filter(({ databaseName }) => there.has(databaseName));
  return { ...wanted, access: { ...wanted.access, databases } };
}

function isWhole({ writableCount }: DatabaseReport): boolean {
  return writableCount !== undefined;
}

function idOf({ server, access }: DatabaseAccess): string {
  return accessId(server, access.roleName);
}

function ownerOf({ ownerKey, stackName }: Request<DatabaseAccess>, id: string): Owner {
  return { key: ownerKey, id, stackName };
}
