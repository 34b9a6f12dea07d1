import type { DatabaseReport, Owner, SqlReport, SqlRequest } from '../../../private/wire/sql';
import { CheckFailed, HalfMade } from '../failure';
import { UNKNOWN, type Lifecycle, type Request, type UpdateRequest } from '../lifecycle';
import { ContinueLater, type Outcome } from '../outcome';
import { parseDatabaseAccess, type DatabaseAccess } from '../parse/database-access';
import { accessId, isKeptAccessId, keptAccessId } from '../physical-ids';
import type { Run } from '../run';
import { converge, type Convergence } from '../sql/converge';
import { tellNotices } from '../sql/invoke';
import { overrideNotices } from '../sql/log-overrides';
import { prove } from '../sql/prove';
import { attributesOf, unknownAttributes } from '../sql/report';
import { applyRequest, verifyRequest } from '../sql/request';
import { findServer } from '../sql/server-address';
import { refuseUnsupported } from '../sql/unsupported-server';
import {
  assertVerified,
  isCheck,
  stepAttributes,
  withoutChecks,
  withoutLogin,
  writableNotices,
} from '../sql/verification';
import { removeAccess, removeAtOnce, removeHalfMade } from './database-access-removal';

/** Of a Create that failed on what an earlier deployment had left on purpose, by `removalPolicy`, or could not remove. */
const STAYS = 'The role was there before, from an earlier deployment of this resource: it stays.';

/** Role, password, temp schema and grants on one server, made by the sql-runner. */
export const databaseAccess: Lifecycle<DatabaseAccess> = {
  parse: parseDatabaseAccess,
  isOurs: (physicalId) => physicalId.startsWith('datafold-access/') || isKeptAccessId(physicalId),

  async create(request, run) {
    const { wanted } = request;
    return apply(request, run, undefined, (found) => {
      if (found) run.halfMade = keptAccessId(wanted.server, wanted.access.roleName);
      // A Delete under that id would keep it; without one it tries once to remove it.
      else if (wanted.removalPolicy === 'destroy') run.halfMade = idOf(wanted);
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

  /** What the failed update left under another id goes; the rest stays as it is. */
  async answerWithoutWork(request, notice, run) {
    const left = await leaveOther(request, run);
    if (left) return left;
    const { wanted } = request;
    const { host, port } = await findServer(run, wanted.server).catch(() => ({
      host: UNKNOWN,
      port: wanted.server.port,
    }));
    return {
      physicalId: idOf(wanted),
      data: { Host: host, Port: String(port), ...unknownAttributes(run, wanted.access, notice) },
    };
  },

  async remove(request, run) {
    const { wanted, physicalId, state } = request;
    if (!wanted.manageRole) return kept(run, 'a DBA runs the SQL');
    if (physicalId !== undefined && isKeptAccessId(physicalId))
      return kept(run, 'it was there before the Create');
    if (physicalId === undefined) return removeHalfMade(run, wanted, ownerOf(request, idOf(wanted)), state);
    if (wanted.removalPolicy === 'retain') return kept(run, 'the removal policy says so');
    return removeAccess(run, wanted, ownerOf(request, physicalId), state);
  },
};

function kept(run: Run, because: string): undefined {
  run.log.info(`kept: ${because}`);
}

/**
 * Another host, port or role gives another id: CloudFormation then deletes the old one. When such an update failed, the next
 * one comes back to the id that there is, and what the failed one left under the other id goes.
 */
async function change(request: UpdateRequest<DatabaseAccess>, run: Run): Promise<Outcome> {
  const outcome = await apply(request, run, request.previous);
  if (outcome instanceof ContinueLater) return outcome;
  return (await leaveOther(request, run)) ?? outcome;
}

async function leaveOther(
  request: UpdateRequest<DatabaseAccess>,
  run: Run,
): Promise<ContinueLater | undefined> {
  const { previous, wanted, physicalId } = request;
  const isReturn = previous && idOf(previous) !== idOf(wanted) && idOf(wanted) === physicalId;
  if (!isReturn || !previous.manageRole) return undefined;
  return removeHalfMade(run, previous, ownerOf(request, idOf(previous)), undefined);
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
    ...databases.flatMap(({ caveats = [] }) => caveats),
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
  const report = await converge(run, { sqlRunner, request: ask, onReached }, applying);
  if (report instanceof ContinueLater || report.databases.every(isWhole)) return report;
  const reached = { reached: true };
  const check = { sqlRunner, request: () => verifyRequest(run, thereOf(wanted, report)) };
  const verified = await converge(run, check, verification ?? reached);
  if (verified instanceof ContinueLater)
    return new ContinueLater({ ...reached, verification: verified.state });
  return { ...report, databases: verified.databases };
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
