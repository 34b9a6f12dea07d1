import type { aws_ec2 as ec2, Duration } from 'aws-cdk-lib';
import type { FunctionProps } from './function-options';
import type { PostgresServer } from './postgres-server';

/**
 * Who may connect through AWS PrivateLink, and how.
 */
export interface PrivateLinkOptions {
  /**
   * The ARNs of the principals that may ask for a connection, such as the role that Datafold names.
   *
   * Datafold's support says which one; it is not published.
   */
  readonly allowedPrincipals: string[];

  /**
   * The IPv4 ranges that connections come from, such as that of the VPC that Datafold names.
   *
   * With them the security group of the load balancer is checked against the address of the client. Without them it is not
   * (`enforceSecurityGroupInboundRulesOnPrivateLinkTraffic` is off), and only the allowed principals limit who connects.
   *
   * @default - any address of the VPC of an allowed principal
   */
  readonly clientCidrs?: string[];

  /**
   * Whether a person accepts each connection that is asked for.
   *
   * By `npx cdk-datafold-postgres accept`, or in the console of VPC under "Endpoint services".
   *
   * @default true
   */
  readonly acceptanceRequired?: boolean;

  /**
   * The regions from which endpoints may be made, beside that of the server.
   *
   * Datafold makes its endpoint in the region of the server and needs none.
   *
   * @default - the region of the server
   */
  readonly supportedRegions?: string[];

  /**
   * The subnets of the load balancer, at most one per availability zone.
   *
   * A server in a zone without one is not reached.
   *
   * @default - those of the subnet group of the server where this app defines it; else the isolated ones of the VPC, else the private ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How often the load balancer opens a connection to see whether the server is there: 10 or 30 seconds.
   *
   * A longer one finds out later that a new writer is there. With the parameter `log_connections` each check is a line in the
   * log of PostgreSQL.
   *
   * @default Duration.seconds(10)
   */
  readonly healthCheckInterval?: Duration;
}

/**
 * How a server is reached through a load balancer.
 */
export interface PrivateLinkServerOptions {
  /**
   * The port of the load balancer, which Datafold connects to.
   *
   * Each server behind a load balancer has one of its own.
   *
   * @default - the port of the server
   */
  readonly port?: number;
}

/**
 * A network path through AWS PrivateLink from Datafold to a server.
 */
export interface DatafoldPrivateLinkProps
  extends PrivateLinkOptions, PrivateLinkServerOptions, FunctionProps {
  /**
   * The server; `addServer` adds others in its VPC.
   */
  readonly server: PostgresServer;
}
