import { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PostgresServer, RdsServerOptions } from '../../../../lib';
import { ENGINE } from './cluster';

/** The VPC of a server of another stack, known only by what that stack's outputs say. */
export function importedVpc(scope: Construct, known: Record<string, string>): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: known.VpcId,
    availabilityZones: ['a', 'b'].map((zone) => `${process.env.AWS_REGION}${zone}`),
    isolatedSubnetIds: known.SubnetIds.split(','),
    isolatedSubnetRouteTableIds: known.RouteTableIds.split(','),
  });
}

/** The server itself: a cluster or an instance. */
export function importedServer(
  scope: Construct,
  known: Record<string, string>,
  library: { PostgresServer: typeof PostgresServer },
  options: RdsServerOptions,
): PostgresServer {
  const adminSecret = secretsmanager.Secret.fromSecretCompleteArn(scope, 'Admin', known.AdminSecret);
  const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(scope, 'ClusterGroup', known.SecurityGroup)];
  if (known.InstanceIdentifier) {
    const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Instance', {
      instanceIdentifier: known.InstanceIdentifier,
      instanceEndpointAddress: known.Host,
      port: 5432,
      securityGroups,
    });
    return library.PostgresServer.rdsInstance(instance, { adminSecret, ...options });
  }
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Cluster', {
    clusterIdentifier: known.ClusterIdentifier,
    clusterEndpointAddress: known.Host,
    port: 5432,
    engine: ENGINE,
    securityGroups,
  });
  return library.PostgresServer.auroraCluster(cluster, { adminSecret, ...options });
}
