import type { aws_ec2 as ec2, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/**
 * How the function that runs the SQL reaches a server.
 */
export interface ServerNetworkOptions {
  /**
   * The VPC of the server.
   *
   * @default - that of the cluster or instance; an imported one knows none, so it must be given. None for an endpoint: the
   * function then runs outside of any VPC, and the endpoint must be reachable from the internet
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets in which the function runs.
   *
   * They need a route to the server and nothing else: no NAT gateway, no interface endpoint.
   *
   * @default - the isolated subnets of the VPC, else its private ones, else its public ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the server. Each gets a rule that lets the function in, also one that was imported as immutable: give
   * `functionSecurityGroups` instead where they must be left alone.
   *
   * @default - those of the cluster or instance; none for an endpoint: the function may then go anywhere by the port of the server
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Security groups for the function, which the server lets in already.
   *
   * No rule is then added anywhere.
   *
   * @default - one is made, with a way out to the server and nowhere else
   */
  readonly functionSecurityGroups?: ec2.ISecurityGroup[];

  /**
   * The secret with the login of an administrator: a JSON object with `username` and `password`.
   *
   * The administrator needs CREATEROLE, and CREATE on the databases (the master user of RDS has both). If the secret is
   * encrypted with a customer managed key, import it with that key, by `Secret.fromSecretAttributes`.
   *
   * @default - the secret of the cluster or instance; an endpoint knows none, so it must be given, except with
   * `SqlExecution.byDba()`
   */
  readonly adminSecret?: secretsmanager.ISecret;

  /**
   * PEM certificates of the authorities to trust for the server's certificate.
   *
   * TLS is always on and verified, host name included.
   *
   * @default - the authorities of the Lambda runtime, which has those of RDS
   */
  readonly caCertificate?: string;

  /**
   * The database in which roles are managed, and in which whoever does so takes a lock.
   *
   * It must be the same for everybody who manages roles on the server with this library.
   *
   * @default postgres
   */
  readonly maintenanceDatabase?: string;

  /**
   * The host name by which Datafold reaches the server, where it is another one than for the functions; at most 128 characters (Datafold's limit).
   *
   * Such as the end of an SSH tunnel or a name in Datafold's network. The certificate of the server is then for another name.
   *
   * @default - the host of the server
   */
  readonly datafoldHost?: string;

  /**
   * The port by which Datafold reaches the server, where it is another one than for the functions.
   *
   * @default - the port of the server
   */
  readonly datafoldPort?: number;
}

/**
 * What an Aurora cluster or RDS instance can't tell by itself.
 */
export interface RdsServerOptions extends ServerNetworkOptions {
  /**
   * The host name to connect to.
   *
   * @default - the writer endpoint of the cluster, the endpoint of the instance; looked up at deployment where it is not known
   */
  readonly host?: string;

  /**
   * The port to connect to.
   *
   * @default - that of the endpoint, 5432 if it is not known
   */
  readonly port?: number;
}

/**
 * A PostgreSQL server that is neither an Aurora cluster nor an RDS instance.
 */
export interface EndpointOptions extends ServerNetworkOptions {
  /**
   * The host name to connect to; at most 128 characters (Datafold's limit).
   */
  readonly host: string;

  /**
   * The port to connect to.
   *
   * @default 5432
   */
  readonly port?: number;

  /**
   * Turn TLS off, for a server that has none. Data then cross the network in the clear; a password does not: a server that asks for it so is refused.
   *
   * @default false
   */
  readonly disableTls?: boolean;
}
