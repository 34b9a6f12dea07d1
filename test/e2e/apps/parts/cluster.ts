import { aws_ec2 as ec2, aws_rds as rds, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export const ENGINE = rds.DatabaseClusterEngine.auroraPostgres({
  version: rds.AuroraPostgresEngineVersion.of('16.6', '16'),
});

/** An Aurora Serverless v2 cluster with a database `app`. */
export function cluster(
  scope: Construct,
  id: string,
  vpc: ec2.IVpc,
  props: Partial<rds.DatabaseClusterProps> = {},
): rds.DatabaseCluster {
  return new rds.DatabaseCluster(scope, id, {
    engine: ENGINE,
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    defaultDatabaseName: 'app',
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}

/** Writes down, as outputs, all that another app needs to import the cluster. */
export function describeCluster(vpc: ec2.Vpc, made: rds.DatabaseCluster): void {
  describeServer(vpc, made, {
    ClusterIdentifier: made.clusterIdentifier,
    Host: made.clusterEndpoint.hostname,
    AdminSecret: made.secret!.secretArn,
  });
}

/** The same of any server. */
export function describeServer(
  vpc: ec2.Vpc,
  server: ec2.IConnectable & Construct,
  more: Record<string, string>,
): void {
  const values = {
    ...more,
    SecurityGroup: server.connections.securityGroups[0].securityGroupId,
    VpcId: vpc.vpcId,
    SubnetIds: vpc.isolatedSubnets.map((subnet) => subnet.subnetId).join(),
    RouteTableIds: vpc.isolatedSubnets.map((subnet) => subnet.routeTable.routeTableId).join(),
  };
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(Stack.of(server), `Out${name}`, { value }).overrideLogicalId(name);
  }
}
