import { isInRange } from '../../ipv4-addresses';
import type { Target } from '../aws/private-link-ports';
import type { Member } from '../aws/rds-ports';

/** The changes after which exactly the desired addresses are targets. */
export interface TargetChanges {
  readonly register: readonly string[];
  readonly deregister: readonly Target[];
}

/** Returns the changes. A draining target counts as deregistered, so it is registered again if needed. */
export function targetChanges(
  desired: readonly string[],
  port: number,
  registered: readonly Target[],
): TargetChanges {
  const current = registered.filter(({ state }) => state !== 'draining');
  const isDesired = (target: Target) => target.port === port && desired.includes(target.address);
  return {
    register: desired.filter((address) => !current.some((one) => one.address === address && isDesired(one))),
    deregister: current.filter((target) => !isDesired(target)),
  };
}

/** Returns the writer of a cluster; undefined while a failover shows none or two. */
export function writerOf(members: readonly Member[]): string | undefined {
  const [writer, ...others] = members.filter(({ isWriter }) => isWriter);
  return others.length > 0 ? undefined : writer?.identifier;
}

/** Returns the addresses that are outside of the ranges of a VPC. */
export function outsideOf(ranges: readonly string[], addresses: readonly string[]): string[] {
  return addresses.filter((address) => !ranges.some((range) => isInRange(range, address)));
}

/** Returns why connections can't reach the server, and the next step; undefined if they can. */
export function obstacle(targets: readonly Target[]): string | undefined {
  const current = targets.filter(({ state }) => state !== 'draining');
  if (current.length === 0) return 'No address of the server is known yet.';
  const [bad] = current.filter(({ state }) => state !== 'healthy');
  if (!bad) return undefined;
  const { address, port, state, reason } = bad;
  return `The target ${address}:${port} is ${state}${reason === undefined ? '' : ` (${reason})`}. ${nextStep(state, port)}`;
}

function nextStep(state: string, port: number): string {
  if (state === 'unused')
    return 'The load balancer has no subnet in the availability zone of the server, or no listener for it: set `vpcSubnets` with a subnet in each zone of the subnet group of the server.';
  if (state === 'initial') return 'Its first health checks are in progress.';
  return `The load balancer opens no connection to port ${port}: check that the server is available, that its security groups allow the security group of the load balancer on this port, and that network ACLs do not deny it.`;
}
