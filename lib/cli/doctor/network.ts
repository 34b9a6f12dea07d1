import type { NetworkStatus } from '../../handler/network-status';
import { inspectAllowlist } from '../../handler/provisioner/allowlist/inspect';
import { serverOfAllowlist } from '../../handler/provisioner/allowlist/properties';
import { obstacle } from '../../handler/provisioner/private-link/decide';
import { privateLinkStatus } from '../../handler/provisioner/private-link/status';
import { NETWORK_PATH_METADATA, type NetworkPathKind } from '../../private/wire/resources';
import type { Checks } from './check';
import type { DoctorPorts, StackFacts } from './ports';
import { resolve, resourcesOf } from './stack-template';
import { textsIn } from './template-values';

const NETWORK = 'network';

/** Checks whether Datafold has a network path to the servers of a stack. */
export async function checkNetwork(checks: Checks, ports: DoctorPorts, stack: StackFacts): Promise<void> {
  const services = endpointServicesIn(stack);
  for (const serviceId of services)
    await report(
      checks,
      'Allow your AWS credentials to describe the connections of the endpoint service.',
      async () => privateLinkStatus(serviceId, stack.name, await ports.connectionsOf(serviceId)),
    );
  await checkTargets(checks, ports, stack);
  const allowlists = await checkAllowlists(checks, ports, stack);
  if (services.length + allowlists === 0) reportKinds(checks, stack);
}

/** Reports the load balancers without a healthy target. */
async function checkTargets(checks: Checks, ports: DoctorPorts, stack: StackFacts): Promise<void> {
  for (const { properties } of resourcesOf(stack, 'Custom::DatafoldPrivateLinkTargets')) {
    const targetGroup = resolve(stack, properties.targetGroupArn);
    if (targetGroup === undefined) {
      checks.warn(
        NETWORK,
        'It is not known whether the target of the load balancer is healthy: the template of the stack does not show its target group.',
        'Test the data source in Datafold.',
      );
      continue;
    }
    await report(checks, 'Allow your AWS credentials to describe the health of targets.', async () => {
      const problem = obstacle(await ports.targetsOf(targetGroup));
      if (problem === undefined)
        return { state: 'ok', message: `The target of ${nameOf(targetGroup)} is healthy.` };
      return { state: 'failed', message: `${nameOf(targetGroup)}: ${problem}` };
    });
  }
}

async function checkAllowlists(checks: Checks, ports: DoctorPorts, stack: StackFacts): Promise<number> {
  const allowlists = resourcesOf(stack, 'Custom::DatafoldAllowlist');
  for (const { physicalId, properties } of allowlists) {
    const rds = serverOfAllowlist(physicalId);
    const port = Number(resolve(stack, properties.port)) || undefined;
    const addresses = textsIn(stack, properties.addresses);
    const prefixListId = resolve(stack, properties.prefixListId);
    const isListKnown = properties.prefixListId === undefined || prefixListId !== undefined;
    if (!rds || !addresses || !isListKnown) {
      checks.warn(
        NETWORK,
        `It is not known whether the addresses of Datafold reach ${rds ? `the ${rds.kind} ${rds.identifier}` : 'the server'}: the template of the stack does not show the properties of ${physicalId}.`,
        'Test the data source in Datafold.',
      );
      continue;
    }
    await report(
      checks,
      'Allow your AWS credentials to describe the server, its route tables and its security groups.',
      async () =>
        inspectAllowlist(ports, { rds, port, addresses, prefixListId }, async (_, question) => question()),
    );
  }
  return allowlists.length;
}

/** Reports network paths that are not in the stack. */
function reportKinds(checks: Checks, stack: StackFacts): void {
  const kinds = resourcesOf(stack, 'Custom::DatafoldDatabaseAccess').map(
    ({ metadata }) => metadata[NETWORK_PATH_METADATA] as NetworkPathKind | undefined,
  );
  const next = 'Test the data source in Datafold: the path cannot be checked from here.';
  if (kinds.includes('existing'))
    checks.ok(NETWORK, `Declared: the path exists and is not managed by the stack. ${next}`);
  else if (kinds.includes('private-link'))
    checks.ok(
      NETWORK,
      'The server uses the PrivateLink of another stack: run the doctor for that stack too.',
    );
  else if (kinds.includes('allowlist')) checks.ok(NETWORK, `Declared: the server is outside of RDS. ${next}`);
  else if (kinds.length > 0)
    checks.warn(
      NETWORK,
      'The stack declares no network path from Datafold to the server.',
      'Give `networkAccess`: `DatafoldNetworkAccess.existing()` (without code: existing) if the path exists. The template cannot declare a path that exists.',
    );
}

/** Runs a check and reports its status. */
async function report(checks: Checks, allow: string, check: () => Promise<NetworkStatus>): Promise<void> {
  const status = await checks.attempt(NETWORK, allow, check);
  if (!status) return;
  const { state, message, next = 'Run the doctor again after that.' } = status;
  if (state === 'ok') checks.ok(NETWORK, message);
  else if (state === 'pending') checks.warn(NETWORK, `Pending: ${message}`, next);
  else checks.fail(NETWORK, message, next);
}

/** The name in the ARN of a target group. */
const nameOf = (targetGroupArn: string) => targetGroupArn.replace(/^.*:targetgroup\/([^/]+)\/.*$/, '$1');

/** The endpoint services of a stack. */
export function endpointServicesIn({ resources }: StackFacts): string[] {
  return resources
    .filter(({ type }) => type === 'AWS::EC2::VPCEndpointService')
    .map(({ physicalId }) => physicalId);
}
