import { App, aws_ec2 as ec2, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { CloudWatchLogsUser, DatafoldPostgres, LogAccess, PostgresServer } from 'cdk-datafold-postgres';

/** Creates an app with a cluster and an instance whose statement logs Datafold reads with one access key. */
export function manyServersApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const sales = new rds.DatabaseCluster(stack, 'Sales', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('writer'),
    defaultDatabaseName: 'sales',
  });
  const orders = new rds.DatabaseInstance(stack, 'Orders', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    storageEncrypted: true,
    databaseName: 'orders',
  });

  const logsUser = new CloudWatchLogsUser(stack, 'LogsUser', { logAccess: LogAccess.serversOfStack() });
  new DatafoldPostgres(stack, 'DatafoldSales', {
    server: PostgresServer.auroraCluster(sales),
    databases: [{ databaseName: 'sales' }],
    logsUser,
  });
  new DatafoldPostgres(stack, 'DatafoldOrders', {
    server: PostgresServer.rdsInstance(orders),
    databases: [{ databaseName: 'orders' }],
    logsUser,
  });
  return app;
}

if (require.main === module) manyServersApp().synth();
