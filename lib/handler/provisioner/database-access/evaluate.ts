import type { DatabaseReport } from '../../../private/wire/sql';
import type { DatabaseAccess } from './properties';
import { logsEnough } from '../statement-logging/parameter-group';
import type { Run } from '../aws/run';
import { poll, type Attempt } from '../runtime/retry';
import { invokeSqlRunner } from '../sql-client/invoke';
import { judgeLineage, readLogState, type LineageVerdict } from '../statement-logging/lineage';
import { verifyRequest } from '../sql-client/request';
import { failedSteps, withLineage, type FailedStep } from './verification';

/** What RDS needs for a parameter that needs no reboot, or for its first line in a log group, is a minute at most. */
const RETRY_WINDOW_MS = 60_000;
const PAUSE_MS = 10_000;

/** The verification with all that AWS has to say of it. */
export interface Proof {
  readonly databases: readonly DatabaseReport[];
  readonly failed: readonly FailedStep[];
}

/** Adds the export and the log group to the steps of the sql-runner. Waits a little for what is on its way. */
export async function prove(
  run: Run,
  desired: DatabaseAccess,
  reports: readonly DatabaseReport[],
  windowMs: number = RETRY_WINDOW_MS,
): Promise<Proof> {
  const { statementLog: place } = desired;
  if (!place) return told(run, reports, false);
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
  const look = async () => {
    if (!isFirst) {
      found = await verifyAgain(run, desired, found);
      state = await readLogState(run, place);
    }
    isFirst = false;
    return isSoon() ? undefined : true;
  };
  const goOn = ({ elapsedMs }: Attempt) => elapsedMs < windowMs && run.worthStarting;
  await poll(run, { firstPauseMs: PAUSE_MS }, look, goOn);
  const { databases, pending } = withLineage(found, judge);
  return told(run, databases, pending);
}

/** A message of the server may quote anything. Secrets are taken out before it is cut, which could leave a part of one. */
function told(run: Run, reports: readonly DatabaseReport[], pending: boolean): Proof {
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
