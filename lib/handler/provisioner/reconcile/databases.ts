import type { Owner, SqlReport } from '../../../private/wire/sql';
import { ContinueLater } from '../outcome';
import type { DatabaseAccess } from '../parse/database-access';
import { accessId } from '../physical-ids';
import type { Reconciliation } from '../parse/reconcile';
import type { Run } from '../run';
import { converge } from '../sql/converge';
import { applyRequest, verifyRequest } from '../sql/request';

/** What is lacking in the databases; granted, if wanted. Nothing is sent to a server where a DBA runs the SQL. */
export async function compareDatabases(
  run: Run,
  { wanted, ownerKey, stackName, repair }: Reconciliation,
): Promise<SqlReport | ContinueLater> {
  const { sqlRunner, server, access } = wanted;
  const owner: Owner = { key: ownerKey, id: accessId(server, access.roleName), stackName };
  // What stays unreadable is a finding, no failure.
  const lenient: DatabaseAccess = {
    ...wanted,
    access: { ...access, onUnreadable: 'warn', onFailedStep: 'warn' },
  };
  const plan = await converge(
    run,
    {
      sqlRunner,
      request: async () => ({ ...(await applyRequest(run, lenient, owner)), operation: 'plan' as const }),
    },
    undefined,
  );
  if (plan instanceof ContinueLater || plan.statements === 0 || !repair) return plan;
  const done = await converge(
    run,
    { sqlRunner, request: () => applyRequest(run, lenient, owner) },
    undefined,
  );
  return done instanceof ContinueLater ? done : plan;
}

/** The verification, as the role. */
export async function verifyDatabases(
  run: Run,
  { wanted }: Reconciliation,
): Promise<SqlReport | ContinueLater> {
  return converge(run, { sqlRunner: wanted.sqlRunner, request: () => verifyRequest(run, wanted) }, undefined);
}
