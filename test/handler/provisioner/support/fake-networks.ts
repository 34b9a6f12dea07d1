import type {
  IngressRule,
  InstanceNetwork,
  Networks,
  RouteTable,
} from '../../../../lib/handler/provisioner/aws/network-ports';
import type { Faults } from './faults';

/** A VPC with a public subnet in one zone and an isolated one in another, and the security group of a server. */
export class FakeNetworks implements Networks {
  routeTables: RouteTable[] = [
    { isMain: true, subnetIds: [], routes: [{ destination: '10.0.0.0/16', leadsToInternet: false }] },
    {
      isMain: false,
      subnetIds: ['subnet-public'],
      routes: [
        { destination: '10.0.0.0/16', leadsToInternet: false },
        { destination: '0.0.0.0/0', leadsToInternet: true },
      ],
    },
  ];
  ingress: IngressRule[] = [{ fromPort: 5432, toPort: 5432, ranges: ['192.0.2.1/32'], prefixListIds: [] }];

  constructor(private readonly faults: Faults) {}

  async routeTablesOf(vpcId: string): Promise<readonly RouteTable[]> {
    this.faults.check('ec2:DescribeRouteTables', vpcId);
    return this.routeTables;
  }

  async ingressOf(securityGroupIds: readonly string[]): Promise<readonly IngressRule[]> {
    this.faults.check('ec2:DescribeSecurityGroups', securityGroupIds.join());
    return this.ingress;
  }
}

/** A publicly accessible instance in the public subnet. */
export function publicInstance(identifier: string, other: Partial<InstanceNetwork> = {}): InstanceNetwork {
  return {
    identifier,
    publiclyAccessible: true,
    vpcId: 'vpc-1',
    zone: 'us-east-1a',
    subnets: [
      { subnetId: 'subnet-public', zone: 'us-east-1a' },
      { subnetId: 'subnet-isolated', zone: 'us-east-1b' },
    ],
    securityGroupIds: ['sg-1'],
    ...other,
  };
}
