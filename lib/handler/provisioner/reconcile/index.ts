import { reasonOf } from '../failure';
import { ContinueLater } from '../outcome';
import { parseReconcile, type Reconciliation } from '../parse/reconcile';
import type { Run } from '../run';
import { prove } from '../sql/prove';
import type { FailedStep } from '../sql/verification';
import type { Task } from '../tasks';
import { compareDatabases, verifyDatabases } from './databases';
import { driftOfDatabases, findingsIn, findingsOfServer, findingsOfSteps, type Finding } from './findings';
import { metricsLine, type Measures } from './metrics';
import { compareServer } from './server';

type Counts = Pick<Measures, 'Unreadable' | 'Drift' | 'VerificationFailed'>;

/**
 * Looks whether all is as the deployment left it: grants, default privileges, the parameter in force, the export, and the
 * verification as the role. One line for each finding, one with the metrics.
 */
export const reconcile: Task = async ({ raw }, run, state) => {
  const from = run.clock.now();
  const wanted = parseReconcile(raw);
  const findings: Finding[] = [];
  const counts = await look(run, wanted, findings, state).catch((error: unknown) => {
    findings.push({ kind: 'error', finding: reasonOf(error), next: 'The next run tries again.' });
    const drift = findings.filter(({ kind }) => kind === 'drift').length;
    return { Unreadable: 0, Drift: drift, VerificationFailed: 1 };
  });
  if (counts instanceof ContinueLater) return counts;
  for (const finding of findings) run.log.warn('finding', { ...finding });
  const measures: Measures = { ...counts, ReconcileDuration: run.clock.now() - from };
  run.log.info('reconciled', { ...measures, repair: wanted.repair });
  run.log.metrics(metricsLine(from, wanted.serverName, wanted.wanted.access.roleName, measures));
  return undefined;
};

async function look(
  run: Run,
  task: Reconciliation,
  findings: Finding[],
  state: unknown,
): Promise<Counts | ContinueLater> {
  let Drift = 0;
  if (task.logging) {
    const server = await compareServer(run, task.logging, task.repair, state);
    if (server instanceof ContinueLater) return server;
    findings.push(...findingsOfServer(server, task.repair));
    Drift += server.drift.length;
  }
  if (task.wanted.manageRole) {
    const plan = await compareDatabases(run, task);
    if (plan instanceof ContinueLater) return plan;
    findings.push(...driftOfDatabases(plan, task.repair));
    Drift += plan.statements;
  }
  const report = await verifyDatabases(run, task);
  if (report instanceof ContinueLater) return report;
  const { databases, failed } = await prove(run, task.wanted, report.databases, 0);
  findings.push(...findingsIn(databases), ...findingsOfSteps(failed));
  return {
    Unreadable: databases.reduce((sum, { unreadableCount }) => sum + unreadableCount, 0),
    Drift,
    VerificationFailed: failed.some((one) => counts(one, task)) ? 1 : 0,
  };
}

/** What the user puts up with at a deployment, or what only takes a reboot, is no failure here either. */
function counts({ step, pending }: FailedStep, { wanted }: Reconciliation): boolean {
  return !pending && (step !== 'schema_download' || wanted.access.onUnreadable === 'fail');
}
