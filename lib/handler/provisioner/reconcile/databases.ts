import type { ApplyRequest, Owner, PlanRequest } from '../../../private/wire/sql';
import type { PlanReport } from '../../../private/wire/sql-reports';
import { isFailed } from '../runtime/failure';
import { Continue } from '../runtime/outcome';
import { accessId, type DatabaseAccess } from '../database-access/properties';
import type { Reconciliation } from './properties';
import type { Run } from '../aws/run';
import { converge } from '../sql-client/converge';
import { applyRequest } from '../sql-client/request';
import { driftOfDatabases, failed, type Missing } from './findings';
import type { Part } from './result';

/** The missing statements before a repair, and the state of the repair. */
interface Progress {
  readonly missing?: Missing;
  readonly repaired?: boolean;
  readonly state?: unknown;
}

/** Finds missing statements in the databases and runs them if requested. Skipped if a DBA runs the SQL. */
export const inspectDatabases: Part = async (run, task, state) => {
  if (!task.desired.manageRole) return {};
  const progress = (state ?? {}) as Progress;
  if (progress.missing) return repair(run, task, { ...progress, missing: progress.missing });
  const plan = await findMissing(run, task, progress.state);
  if (plan instanceof Continue) return new Continue({ state: plan.state } satisfies Progress);
  const { planned, statements } = plan;
  if (statements === 0 || !task.repair) return { findings: driftOfDatabases(plan), Drift: statements };
  return repair(run, task, { missing: { planned, statements } });
};

/** Runs the missing statements, then plans again: a statement may have had no effect. */
async function repair(
  run: Run,
  task: Reconciliation,
  { missing, repaired, state }: Required<Pick<Progress, 'missing'>> & Progress,
) {
  const Drift = missing.statements;
  try {
    const request = () => lenientRequest(run, task);
    const { sqlRunner } = task.desired;
    const done = repaired ? undefined : await converge(run, { sqlRunner, request }, state);
    if (done instanceof Continue) return new Continue({ missing, state: done.state } satisfies Progress);
    const still = await findMissing(run, task, repaired ? state : undefined);
    if (still instanceof Continue)
      return new Continue({ missing, repaired: true, state: still.state } satisfies Progress);
    return { findings: driftOfDatabases(missing, still), Drift };
  } catch (error) {
    if (!isFailed(error)) throw error;
    const findings = [...driftOfDatabases(missing, missing), failed(error)];
    return { findings, Drift, VerificationFailed: 1 };
  }
}

async function findMissing(run: Run, task: Reconciliation, state: unknown): Promise<PlanReport | Continue> {
  const request = async (): Promise<PlanRequest> => ({
    ...(await lenientRequest(run, task)),
    operation: 'plan',
  });
  return converge(run, { sqlRunner: task.desired.sqlRunner, request }, state);
}

/** Builds an apply that reports an unreadable relation as a finding instead of failing. */
async function lenientRequest(
  run: Run,
  { desired, ownerKey, stackName }: Reconciliation,
): Promise<ApplyRequest> {
  const { server, access } = desired;
  const owner: Owner = { key: ownerKey, id: accessId(server, access.roleName), stackName };
  const lenient: DatabaseAccess = {
    ...desired,
    access: {
      ...access,
      onUnreadable: 'warn',
      onIncompleteRead: undefined,
      onFailedStep: 'warn',
      keepForeignPassword: true,
    },
  };
  return applyRequest(run, lenient, owner);
}
