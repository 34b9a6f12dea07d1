import type { aws_rds as rds } from 'aws-cdk-lib';
import type { EndpointOptions, RdsServerOptions } from './postgres-server-options';
import { auroraSpec } from './private/server/aurora-spec';
import { endpointSpec } from './private/server/endpoint-spec';
import { instanceSpec } from './private/server/instance-spec';
import { assertResource } from './private/props-shape';
import type { ServerSpec } from './private/server/server-spec';

/**
 * A PostgreSQL server that Datafold is to read.
 *
 * Network, port, administrator's secret and security groups are taken from the cluster or instance where it has them. What
 * is missing is named when the server is used in a construct, together with everything else that is wrong there.
 *
 * @example
 * declare const vpc: ec2.Vpc;
 * declare const securityGroup: ec2.SecurityGroup;
 * declare const adminSecret: secretsmanager.Secret;
 *
 * const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(this, 'Cluster', {
 *   clusterIdentifier: 'shop',
 * });
 * const server = PostgresServer.auroraCluster(cluster, {
 *   vpc,
 *   securityGroups: [securityGroup],
 *   adminSecret,
 * });
 */
export class PostgresServer {
  /**
   * An Aurora PostgreSQL cluster, defined in this app or imported.
   *
   * @param cluster the cluster
   * @param options what the cluster can't tell by itself
   */
  public static auroraCluster(cluster: rds.IDatabaseCluster, options: RdsServerOptions = {}): PostgresServer {
    assertResource('auroraCluster', cluster);
    return new PostgresServer(auroraSpec(cluster, options));
  }

  /**
   * An instance of RDS for PostgreSQL, defined in this app or imported.
   *
   * @param instance the instance
   * @param options what the instance can't tell by itself
   */
  public static rdsInstance(instance: rds.IDatabaseInstance, options: RdsServerOptions = {}): PostgresServer {
    assertResource('rdsInstance', instance);
    return new PostgresServer(instanceSpec(instance, options));
  }

  /**
   * Any other PostgreSQL server.
   *
   * Its statement log is not in CloudWatch, so Datafold derives no column-level lineage from it.
   *
   * @param options where the server is and how to log in
   */
  public static endpoint(options: EndpointOptions): PostgresServer {
    return new PostgresServer(endpointSpec(options));
  }

  /** @internal */
  public readonly _spec: ServerSpec;

  private constructor(spec: ServerSpec) {
    this._spec = spec;
  }

  /**
   * The same server, which Datafold reaches by another network path.
   *
   * @internal
   */
  public _reachedBy(
    path: Pick<ServerSpec, 'datafoldHost' | 'datafoldPort' | 'keepAliveSeconds'>,
  ): PostgresServer {
    return new PostgresServer({ ...this._spec, ...path });
  }

  /**
   * The host name that the functions connect to, and Datafold unless it has a `datafoldHost`; undefined for an imported server without it, which is looked up at deployment.
   */
  public get host(): string | undefined {
    return this._spec.host;
  }

  /**
   * The port that the functions connect to, and Datafold unless it has a `datafoldPort`.
   */
  public get port(): number {
    return this._spec.port;
  }

  /**
   * The CloudWatch log group that holds the statement log; undefined for an endpoint.
   */
  public get logGroupName(): string | undefined {
    return this._spec.logGroupName;
  }
}
