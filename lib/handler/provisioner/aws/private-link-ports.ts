/** A target of a load balancer, as DescribeTargetHealth has it. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** `healthy`, `unhealthy`, `initial`, `unused`, `draining` and others. */
  readonly state: string;
  /** Why it is not healthy: `Target.FailedHealthChecks`. */
  readonly reason?: string;
}

/** Target groups of addresses. Every method fails with an AwsFailure. */
export interface TargetGroups {
  targetsOf(targetGroupArn: string): Promise<readonly Target[]>;
  /** On the port of the target group. */
  register(targetGroupArn: string, addresses: readonly string[]): Promise<void>;
  deregister(targetGroupArn: string, targets: readonly Pick<Target, 'address' | 'port'>[]): Promise<void>;
}

/** An endpoint of somebody that is connected to an endpoint service, or asks to be. */
export interface EndpointConnection {
  readonly endpointId: string;
  /** `pendingAcceptance`, `available`, `rejected` and others. */
  readonly state: string;
  /** The account of the endpoint. */
  readonly owner: string;
}

export interface EndpointService {
  /** Such as `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0`. */
  readonly serviceName: string;
  /** Such as `use1-az6`: they mean the same in every account, which names of zones do not. */
  readonly availabilityZoneIds: readonly string[];
}

/** VPCs and the endpoint services in them. Every method fails with an AwsFailure. */
export interface EndpointServices {
  /** Undefined where there is no such service. */
  find(serviceId: string): Promise<EndpointService | undefined>;
  /** None where there is no such service. */
  connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]>;
  reject(serviceId: string, endpointIds: readonly string[]): Promise<void>;
  /** The IPv4 ranges of a VPC. */
  rangesOf(vpcId: string): Promise<readonly string[]>;
}

/** Names as this function resolves them, outside any VPC. Fails with a Failure. */
export interface Names {
  /** The IPv4 addresses; none where the name does not exist. */
  addressesOf(host: string): Promise<readonly string[]>;
}
