import type { Run } from '../aws/run';
import { missingInLogGroup } from '../log-group/recreated';
import { adopt } from '../log-group/lifecycle';
import { type Failure, isFailed } from '../runtime/failure';
import { Continue } from '../runtime/outcome';
import { driftOf } from '../statement-logging/notices';
import { inspect } from '../statement-logging/observe';
import { nameOf } from '../aws/rds-ports';
import { busyWith, steadyServer } from '../statement-logging/server-status';
import { setUpLogging } from '../statement-logging/set-up';
import { findingsOfServer, type ServerInspection } from './findings';
import type { Reconciliation } from './properties';
import type { Part } from './result';

/** The state of a repair that continues in another invocation. */
interface Begun {
  readonly repairOf?: readonly string[];
}

/** Finds changes of the statement logging of a server and repairs them if requested, but never by a reboot. */
export const inspectServer: Part = async (run, { logging, repair }, state) => {
  if (!logging) return {};
  const inspection = await compareServer(run, logging, repair, state);
  if (inspection instanceof Continue) return inspection;
  return {
    findings: findingsOfServer(inspection, repair),
    Drift: inspection.drift.length,
    VerificationFailed: inspection.failure ? 1 : 0,
  };
};

async function compareServer(
  run: Run,
  logging: NonNullable<Reconciliation['logging']>,
  repair: boolean,
  state: unknown,
): Promise<ServerInspection | Continue> {
  const { repairOf } = (state ?? {}) as Begun;
  if (repairOf) return repairServer(run, logging, repairOf);
  const { desired, ownerKey } = logging;
  const server = await steadyServer(run, desired.server);
  const busy = busyWith(server);
  // RDS may be busy for hours; the other parts can run meanwhile.
  if (busy)
    return {
      drift: [],
      skipped: `The ${nameOf(desired.server)} ${busy}: its statement logging was not inspected.`,
    };
  const { record, observed, doubts } = await inspect(run, server, desired, ownerKey);
  const missing = await missingInLogGroup(run, desired.log, ownerKey);
  const drift = [...doubts, ...driftOf(observed, record, desired), ...(missing ? [missing] : [])];
  return drift.length === 0 || !repair ? { drift } : repairServer(run, logging, drift);
}

async function repairServer(
  run: Run,
  { desired, ownerKey }: NonNullable<Reconciliation['logging']>,
  drift: readonly string[],
): Promise<ServerInspection | Continue> {
  const request = { desired: { ...desired, rebootPolicy: 'never' as const }, ownerKey, state: undefined };
  try {
    const outcome = await setUpLogging(request, run, desired);
    if (outcome instanceof Continue) return new Continue({ repairOf: drift } satisfies Begun);
    return { drift };
  } catch (error) {
    if (isFailed(error)) return { drift, failure: error };
    throw error;
  }
}

/** Finds a log group that was deleted and created again, for a server of the app. */
export const inspectLogGroup: Part = async (run, { logGroup, repair }) => {
  if (!logGroup) return {};
  const { desired, ownerKey } = logGroup;
  const missing = await missingInLogGroup(run, desired, ownerKey);
  if (missing === undefined) return {};
  let failure: Failure | undefined;
  if (repair)
    await adopt(run, desired, ownerKey).catch((error: unknown) => {
      if (!isFailed(error)) throw error;
      failure = error;
    });
  return {
    findings: findingsOfServer({ drift: [missing], failure }, repair),
    Drift: 1,
    VerificationFailed: failure ? 1 : 0,
  };
};
