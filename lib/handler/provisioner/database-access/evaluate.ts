import type { DatabaseReport } from '../../../private/wire/sql-reports';
import type { DatabaseAccess } from './properties';
import { logsEnough } from '../statement-logging/parameter-group';
import type { Run } from '../aws/run';
import { poll, type Attempt } from '../runtime/retry';
import { invokeSqlRunner } from '../sql-client/invoke';
import { judgeLineage, readLogState, type LineageVerdict } from '../statement-logging/lineage';
import { verifyRequest } from '../sql-client/request';
import { failedSteps, withLineage, type FailedStep } from './verification';

/** RDS needs at most a minute for a parameter that needs no reboot, or for its first line in a log group. */
const RETRY_WINDOW_MS = 60_000;
const PAUSE_MS = 10_000;

/** The result of the verification, including the state in AWS. */
export interface VerificationResult {
  readonly databases: readonly DatabaseReport[];
  readonly failed: readonly FailedStep[];
}

/** Adds the export and the log group to the steps of the sql-runner. Waits a short time for pending changes. */
export async function evaluate(
  run: Run,
  desired: DatabaseAccess,
  reports: readonly DatabaseReport[],
  windowMs: number = RETRY_WINDOW_MS,
): Promise<VerificationResult> {
  const { statementLog: place } = desired;
  if (!place) return resultOf(run, reports, false);
  let found = reports;
  let state = await readLogState(run, place);
  const judge = (logStatement: string | undefined): LineageVerdict =>
    judgeLineage(logStatement, place, state);
  const isSoon = () =>
    found.some(({ logStatement }) => {
      const { ok, pending } = judge(logStatement);
      return !ok && pending === 'soon';
    });
  let isFirst = true;
  const check = async () => {
    if (!isFirst) {
      found = await verifyAgain(run, desired, found);
      state = await readLogState(run, place);
    }
    isFirst = false;
    return isSoon() ? undefined : true;
  };
  const isRetryable = ({ elapsedMs }: Attempt) => elapsedMs < windowMs && run.worthStarting;
  await poll(run, { firstPauseMs: PAUSE_MS }, check, isRetryable);
  const { databases, pending } = withLineage(found, judge);
  return resultOf(run, databases, pending);
}

/** Removes secrets from messages, before they are shortened, which could leave a part of a secret. */
function resultOf(run: Run, reports: readonly DatabaseReport[], pending: boolean): VerificationResult {
  const databases = reports.map(({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map((step) => ({ ...step, message: run.clean(step.message) })),
  }));
  return { databases, failed: failedSteps(databases, pending) };
}

async function verifyAgain(
  run: Run,
  desired: DatabaseAccess,
  before: readonly DatabaseReport[],
): Promise<readonly DatabaseReport[]> {
  if (before.every(({ logStatement }) => logsEnough(logStatement))) return before;
  const report = await invokeSqlRunner(run, desired.sqlRunner, await verifyRequest(run, desired));
  return report.databases;
}
