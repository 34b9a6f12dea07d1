import { App, aws_ec2 as ec2, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

/** Creates an app with an Aurora cluster in isolated subnets, and Datafold's access to it. */
export function auroraApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('writer'),
    defaultDatabaseName: 'shop',
  });

  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster),
    databases: [{ databaseName: 'shop' }],
  });
  return app;
}

if (require.main === module) auroraApp().synth();
