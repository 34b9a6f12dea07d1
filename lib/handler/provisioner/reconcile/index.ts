import { Superseded } from '../runtime/failure';
import { Continue } from '../runtime/outcome';
import { parseReconcile, type Reconciliation } from './properties';
import type { Run, Task } from '../aws/run';
import type { TaskEvent } from '../runtime/tasks';
import { inspectDatabases } from './databases';
import { findDeletedLogFiles } from './deleted-log-files';
import { failed } from './findings';
import { inspectLogsUsers } from './logs-user';
import { inspectNetwork } from './network';
import { metricsLine, type Measures } from './metrics';
import { add, NOTHING, withoutSecrets, type Part, type ReconcileResult } from './result';
import { inspectRotation } from './rotation';
import { inspectLogGroup, inspectServer } from './server';
import { verifyAsRole } from './verification';

const PARTS: readonly Part[] = [
  inspectServer,
  inspectLogGroup,
  inspectLogsUsers,
  inspectRotation,
  findDeletedLogFiles,
  inspectNetwork,
  inspectDatabases,
  verifyAsRole,
];

/** The state for the next invocation. */
interface Progress {
  readonly from: number;
  readonly seen: ReconcileResult;
  /** The current part and its state. */
  readonly part: number;
  readonly state: unknown;
}

/**
 * Compares grants, default privileges, the parameter in effect, the export, the policies of the logs users and the settings of the
 * password rotation with the deployed state, inspects the network path, and verifies as the role. Logs a line for each finding and
 * one with the metrics.
 */
export const reconcile: Task = async ({ raw }, run, state) => {
  const desired = parseReconcile(raw);
  const { from = run.clock.now(), seen = NOTHING, ...begun } = (state ?? {}) as Partial<Progress>;
  const outcome = await inspect(run, desired, { from, seen, part: 0, state: undefined, ...begun });
  if (outcome instanceof Continue) return outcome;
  const { findings, networkStatus, ...counts } = outcome;
  for (const finding of findings) run.log.warn('finding', { ...finding });
  run.needsAttention ||= findings.some(({ kind }) => kind === 'error');
  const measures: Measures = { ...counts, ReconcileDuration: run.clock.now() - from };
  run.log.info('reconciled', { ...measures, networkStatus, repair: desired.repair });
  run.log.metrics(metricsLine(from, desired.serverName, desired.desired.access.roleName, measures));
  return undefined;
};

/** Reports empty metrics for a task that was deferred for a deployment: missing metrics would raise the alarm. */
export function reportDeferred({ raw }: TaskEvent, run: Run): void {
  const { serverName, desired, network } = parseReconcile(raw);
  const { findings: _, ...counts } = NOTHING;
  const measures: Measures = { ...counts, ...(network && { NetworkFailed: 0 }), ReconcileDuration: 0 };
  run.log.metrics(metricsLine(run.clock.now(), serverName, desired.access.roleName, measures));
}

/** Runs part after part. A failure ends the run but keeps the earlier results. */
async function inspect(
  run: Run,
  task: Reconciliation,
  progress: Progress,
): Promise<ReconcileResult | Continue> {
  let { seen, part, state } = progress;
  try {
    for (; part < PARTS.length; part++, state = undefined) {
      const more = await PARTS[part](run, task, state);
      if (more instanceof Continue)
        return new Continue(withoutSecrets(run, { ...progress, seen, part, state: more.state }));
      seen = add(seen, more);
    }
    return seen;
  } catch (error) {
    if (error instanceof Superseded) throw error; // no finding: the next run is soon
    return add(seen, { findings: [failed(error)], VerificationFailed: 1 });
  }
}
