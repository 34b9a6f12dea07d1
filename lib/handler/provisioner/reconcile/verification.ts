import { Continue } from '../runtime/outcome';
import type { Reconciliation } from './properties';
import { converge } from '../sql-client/converge';
import { evaluate } from '../database-access/evaluate';
import { verifyRequest } from '../sql-client/request';
import { toleratesReading, type FailedStep } from '../database-access/verification';
import { findingsIn, findingsOfSteps } from './findings';
import type { Part } from './result';

/** Verifies as the role, without waiting for pending changes: the next run checks again. */
export const verifyAsRole: Part = async (run, task, state) => {
  const { desired } = task;
  const request = () => verifyRequest(run, desired);
  const report = await converge(run, { sqlRunner: desired.sqlRunner, request }, state);
  if (report instanceof Continue) return report;
  const { databases, failed } = await evaluate(run, desired, report.databases, 0);
  return {
    findings: [...findingsIn(databases), ...findingsOfSteps(failed)],
    Failing: databases.reduce((sum, { failingCount = 0 }) => sum + failingCount, 0),
    Filtered: databases.reduce((sum, { filteredCount = 0 }) => sum + filteredCount, 0),
    Unreadable: databases.reduce((sum, { unreadableCount }) => sum + unreadableCount, 0),
    VerificationFailed: failed.some((one) => counts(one, task)) ? 1 : 0,
  };
};

/** True for a failure that is neither tolerated in a deployment nor only pending. */
function counts(failed: FailedStep, { desired }: Reconciliation): boolean {
  return !failed.pending && !toleratesReading(failed, desired.access);
}
