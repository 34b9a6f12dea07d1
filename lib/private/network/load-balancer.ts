import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PrivateLinkOptions } from '../../private-link-props';
import { allowConnection } from '../functions/connection-rules';
import type { ServerSpec } from '../server/server-spec';
import { loadBalancerSubnets } from './subnets';

/** The internal load balancer of PrivateLink; its security group allows egress to the servers behind it only. */
export class PrivateLoadBalancer extends Construct {
  public readonly resource: elbv2.NetworkLoadBalancer;
  public readonly securityGroup: ec2.SecurityGroup;
  public readonly vpc: ec2.IVpc;
  private readonly clientCidrs?: readonly string[];

  public constructor(scope: Construct, id: string, server: ServerSpec, options: PrivateLinkOptions) {
    super(scope, id);
    const { network } = server;
    this.vpc = network.vpc!; // `privateLinkProblems` rejects a missing one
    this.clientCidrs = options.clientCidrs;
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'The load balancer by which Datafold reaches PostgreSQL',
      allowAllOutbound: false,
    });
    this.resource = new elbv2.NetworkLoadBalancer(this, 'LoadBalancer', {
      vpc: this.vpc,
      vpcSubnets: { subnets: loadBalancerSubnets(this, server, options.vpcSubnets) },
      internetFacing: false,
      // Endpoints in an Availability Zone without the writer must reach the writer too.
      crossZoneEnabled: true,
      // A load balancer that is created without a security group can never get one; recent releases of the CDK would add one.
      securityGroups: [this.securityGroup, ...(network.functionSecurityGroups ?? [])],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: options.clientCidrs !== undefined,
    });
  }

  /** Adds a listener for a server, with a target group whose targets the provisioner registers. */
  public listen(
    scope: Construct,
    server: ServerSpec,
    port: number,
    { healthCheckInterval }: PrivateLinkOptions,
  ): { readonly listener: elbv2.NetworkListener; readonly targetGroup: elbv2.NetworkTargetGroup } {
    for (const cidr of this.clientCidrs ?? [])
      this.securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(port), 'Datafold');
    if (!server.network.functionSecurityGroups)
      allowConnection(this, this.securityGroup, server, 'From the load balancer by which Datafold connects');
    const targetGroup = new elbv2.NetworkTargetGroup(scope, 'TargetGroup', {
      vpc: this.vpc,
      port: server.port,
      protocol: elbv2.Protocol.TCP,
      targetType: elbv2.TargetType.IP,
      // Connections come from the address of the load balancer, whose security group may connect to the server.
      preserveClientIp: false,
      // A previous writer accepts no writes: connections to it are closed at once, so that clients reconnect.
      connectionTermination: true,
      deregistrationDelay: Duration.seconds(0),
      healthCheck: {
        protocol: elbv2.Protocol.TCP,
        interval: healthCheckInterval ?? Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
    const listener = this.resource.addListener(scope.node.id, {
      port,
      protocol: elbv2.Protocol.TCP,
      defaultTargetGroups: [targetGroup],
    });
    return { listener, targetGroup };
  }
}
