import type { aws_ec2 as ec2, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/**
 * Options for the connection of the function that runs the SQL to a server.
 */
export interface ServerNetworkOptions {
  /**
   * The VPC of the server.
   *
   * Required for an imported cluster or instance. Without a VPC the function for an endpoint runs outside of any VPC, so the
   * endpoint must be reachable from the internet.
   *
   * @default - the VPC of the cluster or instance; no VPC for an endpoint
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets that the function runs in.
   *
   * The subnets need a route to the server and nothing else: no NAT gateway, no interface endpoint.
   *
   * @default - the isolated subnets of the VPC, else the private subnets, else the public subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the server.
   *
   * Each group gets an ingress rule for the function, even if the group was imported as immutable. Use `functionSecurityGroups`
   * if the groups must not be changed. For an endpoint without security groups, the egress of the function is limited to the port
   * of the server only.
   *
   * @default - the security groups of the cluster or instance; none for an endpoint
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Existing security groups for the function, from which the server already accepts connections.
   *
   * No security group rules are then added.
   *
   * @default - a new security group, with egress to the server only
   */
  readonly functionSecurityGroups?: ec2.ISecurityGroup[];

  /**
   * The secret with the credentials of an administrator: a JSON object with `username` and `password`.
   *
   * The administrator needs CREATEROLE, and CREATE on the databases (the master user of RDS has both). If the secret is
   * encrypted with a customer managed key, import it with that key, by `Secret.fromSecretAttributes`. Required for an endpoint,
   * except with `SqlExecution.byDba()`.
   *
   * @default - the secret of the cluster or instance
   */
  readonly adminSecret?: secretsmanager.ISecret;

  /**
   * The PEM certificates of the certificate authorities to trust for the server's certificate.
   *
   * The function always verifies the server's certificate, including the host name, unless TLS is disabled.
   *
   * @default - the certificate authorities of the Lambda runtime, which include those of RDS
   */
  readonly caCertificate?: string;

  /**
   * The database in which roles are managed and the lock for managing roles is taken.
   *
   * Must be the same in all stacks that manage roles on the server with this library.
   *
   * @default postgres
   */
  readonly maintenanceDatabase?: string;

  /**
   * The host name that Datafold connects to, if it differs from the one that the functions connect to.
   *
   * For example, the end of an SSH tunnel or a name in Datafold's network. The server's certificate is not valid for such a name.
   * At most 128 characters (Datafold's limit).
   *
   * @default - the host of the server
   */
  readonly datafoldHost?: string;

  /**
   * The port that Datafold connects to, if it differs from the one that the functions connect to.
   *
   * @default - the port of the server
   */
  readonly datafoldPort?: number;
}

/**
 * Options of an Aurora cluster or RDS instance, for what the construct does not know itself.
 */
export interface RdsServerOptions extends ServerNetworkOptions {
  /**
   * The host name to connect to.
   *
   * @default - the writer endpoint of the cluster or the endpoint of the instance; looked up at deployment if it is not known at synth
   */
  readonly host?: string;

  /**
   * The port to connect to.
   *
   * @default - the port of the cluster or instance, 5432 if it is not known at synth
   */
  readonly port?: number;
}

/**
 * Options of a PostgreSQL server that is neither an Aurora cluster nor an RDS instance.
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
   * Disables TLS, for a server that does not support it.
   *
   * Data then crosses the network unencrypted. The password does not: the deployment fails if the server requests it in clear text.
   *
   * @default false
   */
  readonly disableTls?: boolean;
}
