/** A target of a load balancer, as DescribeTargetHealth returns it. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** `healthy`, `unhealthy`, `initial`, `unused`, `draining` and others. */
  readonly state: string;
  /** Why it is not healthy: `Target.FailedHealthChecks`. */
  readonly reason?: string;
}

/** Target groups of IP addresses. Every method throws AwsFailure. */
export interface TargetGroups {
  targetsOf(targetGroupArn: string): Promise<readonly Target[]>;
  tagsOf(targetGroupArn: string): Promise<Readonly<Record<string, string>>>;
  /** Registers addresses on the port of the target group. */
  register(targetGroupArn: string, addresses: readonly string[]): Promise<void>;
  deregister(targetGroupArn: string, targets: readonly Pick<Target, 'address' | 'port'>[]): Promise<void>;
}

/** An endpoint that is connected to an endpoint service, or requests a connection. */
export interface EndpointConnection {
  readonly endpointId: string;
  /** `pendingAcceptance`, `available`, `rejected` and others. */
  readonly state: string;
  /** The account of the endpoint. */
  readonly owner: string;
}

/** An endpoint service as EC2 describes it. */
export interface EndpointService {
  /** Such as `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0`. */
  readonly serviceName: string;
  /** Such as `use1-az6`: ids are the same in every account, names are not. */
  readonly availabilityZoneIds: readonly string[];
}

/** VPCs and the endpoint services in them. Every method throws AwsFailure. */
export interface EndpointServices {
  /** Returns undefined if the service does not exist. */
  find(serviceId: string): Promise<EndpointService | undefined>;
  /** Returns no connections if the service does not exist. */
  connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]>;
  reject(serviceId: string, endpointIds: readonly string[]): Promise<void>;
  /** The IPv4 ranges of a VPC. */
  rangesOf(vpcId: string): Promise<readonly string[]>;
}

/** DNS names as the function resolves them, outside a VPC. Throws Failure. */
export interface Names {
  /** Returns the IPv4 addresses; none if the name does not exist. */
  addressesOf(host: string): Promise<readonly string[]>;
}
