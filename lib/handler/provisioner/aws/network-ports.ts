/** The network of an instance of RDS, as DescribeDBInstances returns it. */
export interface InstanceNetwork {
  readonly identifier: string;
  readonly publiclyAccessible: boolean;
  readonly vpcId: string;
  /** Undefined while the instance is being created. */
  readonly zone?: string;
  /** The subnets of its subnet group, one of which it is in. */
  readonly subnets: readonly { readonly subnetId: string; readonly zone: string }[];
  readonly securityGroupIds: readonly string[];
}

/** A route to IPv4 addresses. */
export interface Route {
  /** Undefined if the destination is a prefix list. */
  readonly destination?: string;
  /** True for an internet gateway, and for a firewall that may stand before one. */
  readonly leadsToInternet: boolean;
}

/** A route table of a VPC. */
export interface RouteTable {
  /** True for the table of the subnets that have no table of their own. */
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
}

/** The TCP ports that an inbound rule of a security group opens, and the sources that it opens them for. */
export interface IngressRule {
  readonly fromPort: number;
  readonly toPort: number;
  readonly ranges: readonly string[];
  readonly prefixListIds: readonly string[];
}

/** Route tables and security groups. Every method throws AwsFailure. */
export interface Networks {
  /** The route tables of a VPC. */
  routeTablesOf(vpcId: string): Promise<readonly RouteTable[]>;
  /** The inbound rules of several security groups for TCP over IPv4. */
  ingressOf(securityGroupIds: readonly string[]): Promise<readonly IngressRule[]>;
}
