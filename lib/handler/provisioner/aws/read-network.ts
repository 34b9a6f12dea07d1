import type {
  DescribeRouteTablesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  IpPermission,
  Route,
} from '@aws-sdk/client-ec2';
import type { DescribeTargetHealthCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DBInstance } from '@aws-sdk/client-rds';
import { allPages } from './call';
import type { IngressRule, InstanceNetwork, RouteTable } from './network-ports';
import type { Target } from './private-link-ports';

const MAX_PORT = 65_535;

/** Returns the network of an instance. */
export function networkFrom(instance: DBInstance): InstanceNetwork {
  const { VpcId = '', Subnets = [] } = instance.DBSubnetGroup ?? {};
  return {
    identifier: instance.DBInstanceIdentifier ?? '',
    publiclyAccessible: instance.PubliclyAccessible ?? false,
    vpcId: VpcId,
    zone: instance.AvailabilityZone,
    subnets: Subnets.map(({ SubnetIdentifier = '', SubnetAvailabilityZone }) => ({
      subnetId: SubnetIdentifier,
      zone: SubnetAvailabilityZone?.Name ?? '',
    })),
    securityGroupIds: (instance.VpcSecurityGroups ?? []).map(
      ({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId,
    ),
  };
}

/** Reads route tables, page by page. A route whose target no longer exists (`blackhole`) leads nowhere and is left out. */
export async function readRouteTables(
  readPage: (
    NextToken: string | undefined,
  ) => Promise<Pick<DescribeRouteTablesCommandOutput, 'RouteTables' | 'NextToken'>>,
): Promise<readonly RouteTable[]> {
  const all = await allPages(async (marker) => {
    const page = await readPage(marker);
    return { items: page.RouteTables, marker: page.NextToken };
  });
  return all.map(({ Associations = [], Routes = [] }) => ({
    isMain: Associations.some(({ Main }) => Main),
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.filter(({ State }) => State !== 'blackhole')
      .filter((one) => one.DestinationCidrBlock ?? one.DestinationPrefixListId)
      .map((one) => ({ destination: one.DestinationCidrBlock, leadsToInternet: leadsToInternet(one) })),
  }));
}

/**
 * A firewall before the internet gateway is a Gateway Load Balancer endpoint or a network interface (VPC user guide, "Routing options").
 * The gateway endpoint of a service has a prefix list as its destination.
 */
function leadsToInternet({ DestinationCidrBlock, GatewayId = '', NetworkInterfaceId }: Route): boolean {
  if (GatewayId.startsWith('igw-')) return true;
  return (
    DestinationCidrBlock !== undefined && (GatewayId.startsWith('vpce-') || NetworkInterfaceId !== undefined)
  );
}

/** Returns the targets of a target group. */
export function targetsFrom({
  TargetHealthDescriptions = [],
}: Pick<DescribeTargetHealthCommandOutput, 'TargetHealthDescriptions'>): readonly Target[] {
  return TargetHealthDescriptions.map(({ Target: target, TargetHealth: health }) => ({
    address: target?.Id ?? '',
    port: target?.Port ?? 0,
    state: health?.State ?? '',
    reason: health?.Reason,
  }));
}

/** Returns the inbound rules for TCP of the security groups. */
export function ingressFrom({
  SecurityGroups = [],
}: Pick<DescribeSecurityGroupsCommandOutput, 'SecurityGroups'>): readonly IngressRule[] {
  return SecurityGroups.flatMap(({ IpPermissions = [] }) => IpPermissions)
    .filter(({ IpProtocol }) => IpProtocol === 'tcp' || isAll(IpProtocol))
    .map((one) => ({
      ...portsOf(one),
      ranges: (one.IpRanges ?? []).map(({ CidrIp = '' }) => CidrIp),
      prefixListIds: (one.PrefixListIds ?? []).map(({ PrefixListId = '' }) => PrefixListId),
    }));
}

/** Rules for all protocols have no ports (EC2 API reference, IpPermission). */
function portsOf({ IpProtocol, FromPort = 0, ToPort = MAX_PORT }: IpPermission) {
  return isAll(IpProtocol)
    ? { fromPort: 0, toPort: MAX_PORT }
    : { fromPort: Math.max(FromPort, 0), toPort: ToPort < 0 ? MAX_PORT : ToPort };
}

const isAll = (protocol: string | undefined) => protocol === '-1';
