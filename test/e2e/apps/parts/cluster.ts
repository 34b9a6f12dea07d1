import { aws_ec2 as ec2, aws_rds as rds, RemovalPolicy } from 'aws-cdk-lib';
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
