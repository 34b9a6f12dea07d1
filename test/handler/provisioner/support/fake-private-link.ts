import type {
  EndpointConnection,
  EndpointService,
  EndpointServices,
  Names,
  Target,
  TargetGroups,
} from '../../../../lib/handler/provisioner/aws/private-link-ports';
import type { Faults } from './faults';

/** One target group, one endpoint service and one VPC, with the names in it. */
export class FakePrivateLink implements TargetGroups, EndpointServices, Names {
  /** The targets, in the order in which they were registered. */
  targets: Target[] = [];
  /** What a target that is registered becomes. */
  health: (address: string) => Pick<Target, 'state' | 'reason'> = () => ({ state: 'healthy' });
  service?: EndpointService = {
    serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-1',
    availabilityZoneIds: ['use1-az1', 'use1-az6'],
  };
  connections: EndpointConnection[] = [];
  ranges = ['10.0.0.0/16'];
  /** The tags of the target group. */
  tags: Record<string, string> = {};
  readonly names = new Map<string, readonly string[]>();

  constructor(private readonly faults: Faults) {}

  async targetsOf(arn: string): Promise<readonly Target[]> {
    this.faults.check('elasticloadbalancing:DescribeTargetHealth', arn);
    return this.targets.map((target) => ({ ...target, ...this.stateOf(target) }));
  }

  async tagsOf(arn: string): Promise<Record<string, string>> {
    this.faults.check('elasticloadbalancing:DescribeTags', arn);
    return this.tags;
  }

  async register(_: string, addresses: readonly string[]): Promise<void> {
    this.faults.check('elasticloadbalancing:RegisterTargets', addresses.join());
    const kept = this.targets.filter(({ address }) => !addresses.includes(address));
    this.targets = [...kept, ...addresses.map((address) => ({ address, port: 5432, state: 'initial' }))];
  }

  async deregister(_: string, targets: readonly Pick<Target, 'address' | 'port'>[]): Promise<void> {
    this.faults.check('elasticloadbalancing:DeregisterTargets', targets.map(({ address }) => address).join());
    const goes = ({ address, port }: Target) =>
      targets.some((one) => one.address === address && one.port === port);
    this.targets = this.targets.map((target) => (goes(target) ? { ...target, state: 'draining' } : target));
  }

  async find(serviceId: string): Promise<EndpointService | undefined> {
    this.faults.check('ec2:DescribeVpcEndpointServiceConfigurations', serviceId);
    return this.service;
  }

  async connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]> {
    this.faults.check('ec2:DescribeVpcEndpointConnections', serviceId);
    return this.connections;
  }

  async reject(_: string, endpointIds: readonly string[]): Promise<void> {
    this.faults.check('ec2:RejectVpcEndpointConnections', endpointIds.join());
    this.connections = this.connections.map((one) =>
      endpointIds.includes(one.endpointId) ? { ...one, state: 'rejected' } : one,
    );
  }

  async rangesOf(vpcId: string): Promise<readonly string[]> {
    this.faults.check('ec2:DescribeVpcs', vpcId);
    return this.ranges;
  }

  async addressesOf(host: string): Promise<readonly string[]> {
    return this.names.get(host) ?? [];
  }

  /** What was changed, in order. */
  get changes(): string[] {
    return this.faults.calls.filter((call) => /:(Register|Deregister|Reject)/.test(call));
  }

  private stateOf({ address, state }: Target): Pick<Target, 'state' | 'reason'> {
    return state === 'draining' ? { state } : this.health(address);
  }
}
