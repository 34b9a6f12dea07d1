import { type NetworkStatus, networkText } from '../../network-status';
import { allowlistPorts, inspectAllowlist } from '../allowlist/inspect';
import type { Ask, Run } from '../aws/run';
import { obstacle } from '../private-link/decide';
import { privateLinkStatus } from '../private-link/status';
import { isFailed } from '../runtime/failure';
import { poll, within } from '../runtime/retry';
import { failed } from './findings';
import type { NetworkPath, Reconciliation } from './properties';
import type { Part } from './result';

/** How long a path may fail before it is reported: after a failover the target changes within this time. */
const RETRY_WINDOW_MS = 2 * 60_000;
const PAUSE_MS = 15_000;

/** Inspects whether Datafold has a network path to the server. Changes nothing, also with `repair`. */
export const inspectNetwork: Part = async (run, { network, stackName }) => {
  if (!network) return {};
  if (network.kind === 'declared') return { networkStatus: 'declared', NetworkFailed: 0 };
  try {
    const status = await settledStatus(run, { network, stackName });
    const { state, message, next = 'Fix the cause: the next run checks again.' } = status;
    return {
      findings: state === 'ok' ? [] : [{ kind: 'network', finding: message, next }],
      networkStatus: networkText(status),
      NetworkFailed: state === 'failed' ? 1 : 0,
    };
  } catch (error) {
    if (!isFailed(error)) throw error;
    const finding = failed(error);
    const message = `It is not known whether Datafold can reach the server: ${finding.finding}`;
    return {
      findings: [{ ...finding, finding: message }],
      networkStatus: networkText({ state: 'failed', message }),
      NetworkFailed: 1,
    };
  }
};

type InspectedPath = Exclude<NetworkPath, { kind: 'declared' }>;

/** Returns the status; a path that fails is inspected again for a while. */
async function settledStatus(
  run: Run,
  { network, stackName }: Pick<Reconciliation, 'stackName'> & { readonly network: InspectedPath },
): Promise<NetworkStatus> {
  let status!: NetworkStatus;
  const settled = async () => {
    status = await statusOf(run, network, stackName);
    return status.state === 'failed' ? undefined : status;
  };
  const isInTime = within(RETRY_WINDOW_MS);
  await poll(
    run,
    { firstPauseMs: PAUSE_MS },
    settled,
    (attempt) => isInTime(attempt) && run.timeLeft() > attempt.pauseMs,
  );
  return status;
}

async function statusOf(run: Run, network: InspectedPath, stackName: string): Promise<NetworkStatus> {
  const ask: Ask = async (what, question) => run.call(what, question);
  if (network.kind === 'allowlist') return inspectAllowlist(allowlistPorts(run.aws), network.allowed, ask);
  const { serviceId, targetGroupArn } = network;
  const problem = obstacle(await ask('targets', () => run.aws.targetGroups.targetsOf(targetGroupArn)));
  if (problem !== undefined) return { state: 'failed', message: problem };
  const connections = await ask(`connections of ${serviceId}`, () =>
    run.aws.endpointServices.connectionsOf(serviceId),
  );
  return privateLinkStatus(serviceId, stackName, connections);
}
