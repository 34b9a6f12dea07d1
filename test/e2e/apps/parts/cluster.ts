import { aws_ec2 as ec2, aws_rds as rds, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SUITE } from './isolated-vpc';

export const ENGINE = rds.DatabaseClusterEngine.auroraPostgres({
  version: rds.AuroraPostgresEngineVersion.of(process.env.E2E_AURORA_VERSION ?? '16.6', '16'),
});

/** An Aurora Serverless v2 cluster with a database `app`. */
export function cluster(
  scope: Construct,
  id: string,
  vpc: ec2.IVpc,
  props: Partial<rds.DatabaseClusterProps> = {},
): rds.DatabaseCluster {
  const made = new rds.DatabaseCluster(scope, id, {
    engine: ENGINE,
    writer: rds.ClusterInstance.serverlessV2('Writer', { publiclyAccessible: SUITE ? true : undefined }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    defaultDatabaseName: 'app',
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
  if (SUITE) {
    made.connections.allowDefaultPortFrom(ec2.Peer.ipv4(SUITE), 'the end-to-end suite');
    made.node.addDependency(vpc); // a public address needs the gateway
  }
  return made;
}
