import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PrivateLinkOptions } from '../../private-link-props';
import { openWay } from '../functions/way-to-server';
import type { ServerSpec } from '../server/server-spec';
import { loadBalancerSubnets } from './subnets';

/** The internal load balancer of PrivateLink; its security group leads to the servers behind it and nowhere else. */
export class PrivateLoadBalancer extends Construct {
  public readonly resource: elbv2.NetworkLoadBalancer;
  public readonly securityGroup: ec2.SecurityGroup;
  public readonly vpc: ec2.IVpc;
  private readonly clientCidrs?: readonly string[];

  public constructor(scope: Construct, id: string, server: ServerSpec, options: PrivateLinkOptions) {
    super(scope, id);
    const { network } = server;
    this.vpc = network.vpc!; // a problem, where it is missing
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
      // An endpoint in a zone without the writer must reach it too.
      crossZoneEnabled: true,
      // One that is made without can never get any, and recent releases of the CDK would add one.
      securityGroups: [this.securityGroup, ...(network.functionSecurityGroups ?? [])],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: options.clientCidrs !== undefined,
    });
  }

  /** A listener for a server, with a target group whose targets somebody else registers. */
  public listen(
    scope: Construct,
    server: ServerSpec,
    port: number,
    { healthCheckInterval }: PrivateLinkOptions,
  ): { readonly listener: elbv2.NetworkListener; readonly targetGroup: elbv2.NetworkTargetGroup } {
    for (const cidr of this.clientCidrs ?? [])
      this.securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(port), 'Datafold');
    if (!server.network.functionSecurityGroups)
      openWay(this, this.securityGroup, server, 'From the load balancer by which Datafold connects');
    const targetGroup = new elbv2.NetworkTargetGroup(scope, 'TargetGroup', {
      vpc: this.vpc,
      port: server.port,
      protocol: elbv2.Protocol.TCP,
      targetType: elbv2.TargetType.IP,
      // The server sees the load balancer, whose security group it lets in.
      preserveClientIp: false,
      // A previous writer takes no writes: connections to it are cut at once, so that clients connect anew.
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
