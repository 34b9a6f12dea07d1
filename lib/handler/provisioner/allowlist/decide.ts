import { isInRange } from '../../ipv4-addresses';
import type { NetworkStatus } from '../../network-status';
import type { IngressRule, InstanceNetwork, RouteTable } from '../aws/network-ports';

/** What decides whether addresses outside of AWS reach a server. */
export interface AllowlistFacts {
  readonly port: number;
  /** The addresses of Datafold. */
  readonly addresses: readonly string[];
  /** The prefix list with these addresses, if there is one. */
  readonly prefixListId?: string;
  readonly writer: InstanceNetwork;
  readonly readers: readonly InstanceNetwork[];
  /** Of the VPC of the server. */
  readonly routeTables: readonly RouteTable[];
  /** Of the security groups of the writer. */
  readonly ingress: readonly IngressRule[];
}

/** Decides whether Datafold's addresses reach the server. Network ACLs are not considered. */
export function allowlistStatus(facts: AllowlistFacts): NetworkStatus {
  const { writer, readers, port, addresses } = facts;
  const { identifier, publiclyAccessible, securityGroupIds } = writer;
  if (addresses.length === 0)
    return failed(
      `The allowlist of the instance ${identifier} has no address, so Datafold is not let in.`,
      'Give `addresses` (DatafoldAddresses of the template), then deploy again.',
    );
  if (!publiclyAccessible)
    return failed(
      `The instance ${identifier} is not publicly accessible, so the addresses of Datafold do not reach it.`,
      'Use DatafoldNetworkAccess.privateLink, or make the server publicly accessible yourself, then deploy again.',
    );
  const subnets = subnetsOf(writer);
  if (
    subnets.length > 0 &&
    !subnets.some((subnet) => addresses.every((address) => hasGateway(facts.routeTables, subnet, address)))
  )
    return failed(
      `The instance ${identifier} is in a subnet without a route to an internet gateway (${subnets.join(', ')}), so the addresses of Datafold do not reach it.`,
      'Use DatafoldNetworkAccess.privateLink, or move the server to public subnets yourself, then deploy again.',
    );
  const refused = addresses.filter((address) => !facts.ingress.some((rule) => allows(rule, facts, address)));
  if (refused.length > 0)
    return failed(
      `The security groups of the instance ${identifier} (${securityGroupIds.join(', ')}) do not let ${refused.join(', ')} in on port ${port}.`,
      'Give `securityGroups` of the server in the app: those that the server has in RDS. If a rule was deleted by hand, remove the construct from the app and deploy, then add it again and deploy.',
    );
  const hidden = readers.filter((one) => !one.publiclyAccessible).map((one) => one.identifier);
  const later =
    hidden.length === 0
      ? ''
      : ` Not after a failover to ${hidden.join(', ')}, which is not publicly accessible.`;
  return {
    state: 'ok',
    message: `The instance ${identifier} is publicly accessible and lets the addresses of Datafold in on port ${port}.${later}`,
  };
}

/** Returns the subnets that the instance may be in: those of its zone, if the zone is known. */
function subnetsOf({ zone, subnets }: InstanceNetwork): string[] {
  const inZone = subnets.filter((subnet) => subnet.zone === zone);
  return (inZone.length > 0 ? inZone : subnets).map(({ subnetId }) => subnetId);
}

/** True if the most specific route of the subnet to the address leads to an internet gateway. */
function hasGateway(tables: readonly RouteTable[], subnetId: string, address: string): boolean {
  const table =
    tables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? tables.find(({ isMain }) => isMain);
  const { routes = [] } = table ?? {};
  const [route] = routes
    .filter(({ destination }) => destination !== undefined && isInRange(destination, address))
    .sort((one, other) => prefixLength(other.destination) - prefixLength(one.destination));
  // The addresses in a prefix list are not known here.
  const mayHaveGateway = routes.some((one) => one.destination === undefined && one.leadsToInternet);
  return mayHaveGateway || (route?.leadsToInternet ?? false);
}

function allows(
  { fromPort, toPort, ranges, prefixListIds }: IngressRule,
  { port, prefixListId }: AllowlistFacts,
  address: string,
): boolean {
  if (port < fromPort || port > toPort) return false;
  return (
    ranges.some((range) => isInRange(range, address)) ||
    (prefixListId !== undefined && prefixListIds.includes(prefixListId))
  );
}

const prefixLength = (range = '') => Number(range.split('/')[1]);

function failed(message: string, next: string): NetworkStatus {
  return { state: 'failed', message, next };
}
