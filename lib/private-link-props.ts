import type { aws_ec2 as ec2, Duration } from 'aws-cdk-lib';
import type { FunctionProps } from './function-options';
import type { PostgresServer } from './postgres-server';

/**
 * Options of the AWS PrivateLink endpoint service and its load balancer.
 */
export interface PrivateLinkOptions {
  /**
   * The ARNs of the principals that may request a connection to the endpoint service.
   *
   * Ask Datafold's support for the ARN of its role, which is not published.
   */
  readonly allowedPrincipals: string[];

  /**
   * The IPv4 ranges of the clients, such as the range of Datafold's VPC.
   *
   * With ranges, the security group of the load balancer allows only these client addresses. Without ranges, the inbound rules
   * are not enforced for PrivateLink traffic (`enforceSecurityGroupInboundRulesOnPrivateLinkTraffic` is off), and only
   * `allowedPrincipals` limits who may connect.
   *
   * @default - any address in the VPC of an allowed principal
   */
  readonly clientCidrs?: string[];

  /**
   * Whether connection requests must be accepted by a person.
   *
   * Accept a request with `npx cdk-datafold-postgres accept`, or in the VPC console under "Endpoint services".
   *
   * @default true
   */
  readonly acceptanceRequired?: boolean;

  /**
   * Further regions from which endpoints may be created.
   *
   * Datafold creates its endpoint in the region of the server and needs no further region.
   *
   * @default - the region of the server
   */
  readonly supportedRegions?: string[];

  /**
   * The subnets of the load balancer, at most one per Availability Zone.
   *
   * A server in an Availability Zone without a subnet cannot be reached.
   *
   * @default - the subnets of the server's subnet group if this app defines it, else the isolated subnets of the VPC, else the private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The interval of the load balancer's health checks: 10 or 30 seconds.
   *
   * With a longer interval, a new writer is detected later. If the parameter `log_connections` is on, PostgreSQL logs a line for each
   * health check.
   *
   * @default Duration.seconds(10)
   */
  readonly healthCheckInterval?: Duration;
}

/**
 * Options of one server behind the load balancer.
 */
export interface PrivateLinkServerOptions {
  /**
   * The port of the load balancer, which Datafold connects to.
   *
   * Each server behind a load balancer needs a different port.
   *
   * @default - the port of the server
   */
  readonly port?: number;
}

/**
 * Properties of a `DatafoldPrivateLink`.
 */
export interface DatafoldPrivateLinkProps
  extends PrivateLinkOptions, PrivateLinkServerOptions, FunctionProps {
  /**
   * The first server; `addServer` adds further servers in the same VPC.
   */
  readonly server: PostgresServer;
}
