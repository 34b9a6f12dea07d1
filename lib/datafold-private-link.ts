import {
  CfnOutput,
  Lazy,
  Stack,
  Tokenization,
  Annotations,
  aws_cloudwatch as cloudwatch,
  type aws_ec2 as ec2,
  type aws_elasticloadbalancingv2 as elbv2,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PostgresServer } from './postgres-server';
import { identityOf, shortHash } from './private/identity';
import { EndpointService } from './private/network/endpoint-service';
import { PrivateLoadBalancer } from './private/network/load-balancer';
import { privateLinkProblems } from './private/network/private-link-problems';
import { knownPort } from './private/server/imported';
import { healthyTargetsAlarm, targetsMetric } from './private/network/target-metrics';
import { WriterTargets } from './private/network/targets';
import { InvalidPropsError, throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { portProblems } from './private/server/endpoint-rules';
import { serverName } from './private/server/server-spec';
import type { NetworkPathProperties } from './private/wire/resources';
import type { DatafoldPrivateLinkProps, PrivateLinkServerOptions } from './private-link-props';

/** A server behind the load balancer. */
interface LinkedServer {
  readonly server: PostgresServer;
  readonly port: number;
  readonly targetGroup: elbv2.NetworkTargetGroup;
  readonly targets: WriterTargets;
}

/**
 * A network path from Datafold to a server through AWS PrivateLink: an internal Network Load Balancer and an endpoint service.
 *
 * The load balancer forwards to the writer. Its target is updated after a failover, by events of RDS and by a check every minute.
 * Datafold keeps using the host name of RDS, so it can verify the certificate. A stack output contains the text to send to
 * Datafold's support.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatafoldPrivateLink(this, 'PrivateLink', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   allowedPrincipals: ['arn:aws:iam::123456789012:role/datafold'],
 *   clientCidrs: ['10.20.0.0/16'],
 * });
 */
export class DatafoldPrivateLink extends Construct implements ec2.IConnectable {
  /**
   * The internal Network Load Balancer.
   */
  public readonly loadBalancer: elbv2.INetworkLoadBalancer;

  /**
   * The network connections of the load balancer.
   */
  public readonly connections: ec2.Connections;

  /**
   * The ID of the endpoint service.
   *
   * @attribute
   */
  public readonly serviceId: string;

  private readonly balancer: PrivateLoadBalancer;
  private readonly service: EndpointService;
  private readonly servers: LinkedServer[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: DatafoldPrivateLinkProps,
  ) {
    super(scope, id);
    assertShape(this, props, 'DatafoldPrivateLinkProps', ['server']);
    const server = props.server._spec;
    throwIfAny(this, privateLinkProblems(this, server, props), server.lookUpProblem);
    if (!props.clientCidrs)
      Annotations.of(this).addWarningV2(
        'cdk-datafold-postgres:privateLinkAnyClient',
        'The ranges that Datafold connects from are not known, so the security group of the load balancer is not checked for PrivateLink: give `clientCidrs` when Datafold names them',
      );
    this.balancer = new PrivateLoadBalancer(this, 'Balancer', server, props);
    this.loadBalancer = this.balancer.resource;
    this.connections = this.balancer.securityGroup.connections;
    this.service = new EndpointService(this, 'Service', this.loadBalancer.loadBalancerArn, props);
    this.serviceId = this.service.serviceId;
    this.addServer(props.server, props);
    new CfnOutput(this, 'Request', {
      description: 'For the support of Datafold',
      value: Lazy.string({ produce: () => this.supportText }),
    });
  }

  /**
   * Adds another server in the same VPC, on a separate port of the load balancer.
   *
   * @param server the server
   * @param options the port of the load balancer
   */
  public addServer(server: PostgresServer, options: PrivateLinkServerOptions = {}): void {
    const { _spec: spec } = server;
    const port = options.port ?? spec.port;
    this.assertPlace(server, options);
    const name = this.nameOf(server);
    const place = new Construct(this, `Server${this.servers.length === 0 ? '' : shortHash([name])}`);
    const { listener, targetGroup } = this.balancer.listen(place, spec, port, this.props);
    const targets = new WriterTargets(place, 'Writer', spec, targetGroup, this.props);
    // A target only becomes healthy once a listener uses its target group.
    targets.resource.resource.node.addDependency(listener, this.balancer);
    this.servers.push({ server, port, targetGroup, targets });
  }

  /**
   * The name of the endpoint service, such as `com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0`.
   *
   * @attribute
   */
  public get serviceName(): string {
    return this.service.serviceName;
  }

  /**
   * The IDs of the Availability Zones of the endpoint service, such as `use1-az1, use1-az6`.
   *
   * @attribute
   */
  public get availabilityZoneIds(): string {
    return this.service.availabilityZoneIds;
  }

  /**
   * Whether Datafold was connected at the last deployment: `ok`, `pending:` while it has not connected yet, or `failed:` and the
   * reason.
   *
   * `npx cdk-datafold-postgres doctor` reports the current status.
   *
   * @attribute
   */
  public get networkStatus(): string {
    return this.service.networkStatus;
  }

  /**
   * The text to send to Datafold's support, with the service name, the Availability Zones and the host names.
   */
  public get supportText(): string {
    const servers = this.servers.map(
      ({ server, port, targets }) =>
        `${server.host ?? targets.resource.attribute('Host')} port ${Tokenization.stringifyNumber(port)}`,
    );
    return `Please connect to our PostgreSQL through AWS PrivateLink. Service name: ${this.serviceName}. Availability zone IDs: ${this.availabilityZoneIds}. Hosts: ${servers.join('; ')}. Please resolve the host names to your endpoint.`;
  }

  /**
   * Metric for the number of healthy targets of a server: 1, or 2 for a short time during a failover.
   *
   * @param server one of the servers; by default the first
   * @param options properties of the metric, such as its statistic and period
   * @default - minimum over 1 minute
   */
  public metricHealthyTargets(
    server?: PostgresServer,
    options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return targetsMetric('HealthyHostCount', this.loadBalancer, this.find(server).targetGroup, options);
  }

  /**
   * Metric for the number of unhealthy targets of a server, which the load balancer cannot connect to.
   *
   * @param server one of the servers; by default the first
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over 1 minute
   */
  public metricUnhealthyTargets(
    server?: PostgresServer,
    options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return targetsMetric('UnHealthyHostCount', this.loadBalancer, this.find(server).targetGroup, options);
  }

  /**
   * Adds an alarm for each server, which is raised when no target has been healthy for three minutes.
   *
   * @param actions the actions of the alarm, such as an `SnsAction` of `aws-cloudwatch-actions`
   */
  public addAlarms(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm[] {
    return this.servers.map(({ server, targetGroup }) => {
      // A node of the load balancer in a zone without a target may count none; no target is healthy if no node counts one.
      const statistic = cloudwatch.Stats.MAXIMUM;
      const metric = targetsMetric('HealthyHostCount', this.loadBalancer, targetGroup, { statistic });
      return healthyTargetsAlarm(targetGroup, metric, serverName(server._spec), actions);
    });
  }

  /**
   * Returns the port of the load balancer for a server.
   *
   * @param server one of the servers; by default the first
   */
  public portOf(server: PostgresServer): number {
    return this.find(server).port;
  }

  /**
   * Returns the path to a server as a reconciliation inspects it; undefined in another stack, which this stack may depend on.
   *
   * @internal
   */
  public _pathTo(scope: Construct, server: PostgresServer): NetworkPathProperties | undefined {
    if (Stack.of(scope) !== Stack.of(this)) return undefined;
    const { targetGroupArn } = this.find(server).targetGroup;
    return { kind: 'private-link', serviceId: this.serviceId, targetGroupArn };
  }

  private find(server: PostgresServer = this.props.server): LinkedServer {
    const name = this.nameOf(server);
    const found = this.servers.find((one) => this.nameOf(one.server) === name);
    if (found) return found;
    throw new InvalidPropsError(this.node.path, ['`server` must be one of the servers of the load balancer']);
  }

  private assertPlace({ _spec: spec }: PostgresServer, { port }: PrivateLinkServerOptions): void {
    const requested = knownPort(spec, port);
    const taken = this.servers.map((one) => knownPort(one.server._spec, one.port));
    const clash = taken.some((one) => one === undefined || requested === undefined || one === requested);
    throwIfAny(this, [
      ...portProblems('port', port ?? spec.port),
      ...(spec.network.vpc !== this.balancer.vpc
        ? [`\`server\` must be in the VPC of the load balancer, ${this.balancer.vpc.node.path}`]
        : []),
      ...(clash
        ? [
            `\`port\` is missing: each server behind a load balancer has a port of its own, and ${requested ?? 'that of the server'} may be taken. Give it: addServer(server, { port })`,
          ]
        : []),
    ]);
  }

  private nameOf({ _spec: { kind, identifier } }: PostgresServer): string {
    return `${kind} ${identityOf(this, identifier)}`;
  }
}
