import { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENGINE } from './cluster';

export interface ImportedServer {
  readonly cluster: rds.IDatabaseCluster;
  readonly vpc: ec2.IVpc;
  readonly adminSecret: secretsmanager.ISecret;
}

/** The cluster of another stack, known only by what that stack's outputs say. */
export function importedServer(scope: Construct, known: Record<string, string>): ImportedServer {
  return {
    cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Cluster', {
      clusterIdentifier: known.ClusterIdentifier,
      clusterEndpointAddress: known.Host,
      port: 5432,
      engine: ENGINE,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, 'ClusterGroup', known.SecurityGroup)],
    }),
    vpc: ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: known.VpcId,
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      isolatedSubnetIds: known.SubnetIds.split(','),
      isolatedSubnetRouteTableIds: known.RouteTableIds.split(','),
    }),
    adminSecret: secretsmanager.Secret.fromSecretCompleteArn(scope, 'Admin', known.AdminSecret),
  };
}
