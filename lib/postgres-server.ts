import type { aws_rds as rds } from 'aws-cdk-lib';
import type { EndpointOptions, RdsServerOptions } from './postgres-server-options';
import { auroraSpec } from './private/server/aurora-spec';
import { endpointSpec } from './private/server/endpoint-spec';
import { instanceSpec } from './private/server/instance-spec';
import { assertOptions, assertResource } from './private/props-shape';
import type { ServerSpec } from './private/server/server-spec';

/**
 * A PostgreSQL server that Datafold reads.
 *
 * The VPC, port, administrator's secret and security groups are taken from the cluster or instance if it has them. A construct that
 * uses the server reports missing ones at synth, together with its other problems.
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
   * @param options what the cluster construct does not know itself
   */
  public static auroraCluster(cluster: rds.IDatabaseCluster, options: RdsServerOptions = {}): PostgresServer {
    assertResource('auroraCluster', cluster);
    assertOptions('auroraCluster', options, 'RdsServerOptions');
    return new PostgresServer(auroraSpec(cluster, options));
  }

  /**
   * An RDS for PostgreSQL instance, defined in this app or imported.
   *
   * @param instance the instance
   * @param options what the instance construct does not know itself
   */
  public static rdsInstance(instance: rds.IDatabaseInstance, options: RdsServerOptions = {}): PostgresServer {
    assertResource('rdsInstance', instance);
    assertOptions('rdsInstance', options, 'RdsServerOptions');
    return new PostgresServer(instanceSpec(instance, options));
  }

  /**
   * Any other PostgreSQL server.
   *
   * The statement log of such a server is not in CloudWatch, so Datafold derives no column-level lineage from it.
   *
   * @param options where the server is and how to log in
   */
  public static endpoint(options: EndpointOptions): PostgresServer {
    assertOptions('endpoint', options, 'EndpointOptions');
    return new PostgresServer(endpointSpec(options));
  }

  /** @internal */
  public readonly _spec: ServerSpec;

  private constructor(spec: ServerSpec) {
    this._spec = spec;
  }

  /**
   * Returns a copy of the server that Datafold reaches over another network path.
   *
   * @internal
   */
  public _reachedBy(
    path: Pick<ServerSpec, 'datafoldHost' | 'datafoldPort' | 'keepAliveSeconds'>,
  ): PostgresServer {
    return new PostgresServer({ ...this._spec, ...path });
  }

  /**
   * The host name that the functions connect to, and Datafold too unless `datafoldHost` is given.
   *
   * Undefined for an imported server without a host name, which is looked up at deployment.
   */
  public get host(): string | undefined {
    return this._spec.host;
  }

  /**
   * The port that the functions connect to, and Datafold too unless `datafoldPort` is given.
   */
  public get port(): number {
    return this._spec.port;
  }

  /**
   * The name of the CloudWatch log group of the statement log; undefined for an endpoint.
   */
  public get logGroupName(): string | undefined {
    return this._spec.logGroupName;
  }
}
