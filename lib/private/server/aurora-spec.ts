import type { aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import type { RdsServerOptions } from '../../postgres-server-options';
import { known, portOf } from './imported';
import { rdsSpec } from './rds-spec';
import type { ServerSpec } from './server-spec';

/** Returns the specification of an Aurora cluster, defined in this app or imported. */
export function auroraSpec(cluster: rds.IDatabaseCluster, options: RdsServerOptions): ServerSpec {
  const endpoint = known(() => cluster.clusterEndpoint);
  return rdsSpec(
    {
      factory: 'auroraCluster',
      type: 'postgres_aurora',
      kind: 'cluster',
      construct: cluster,
      identifier: cluster.clusterIdentifier,
      engineType: cluster.engine?.engineType,
      engineTypes: ['aurora-postgresql'],
      host: endpoint?.hostname,
      port: endpoint?.port ?? portOf(cluster),
      // The classes have this property, the interface does not.
      vpc: (cluster as Partial<{ vpc: ec2.IVpc }>).vpc,
      securityGroups: cluster.connections.securityGroups,
      secret: (cluster as Partial<rds.DatabaseCluster>).secret,
    },
    options,
  );
}
