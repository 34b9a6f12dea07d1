import { App, CfnOutput, Stack, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const stack = new Stack(new App(), 'Shop');
const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
  vpc: new ec2.Vpc(stack, 'Vpc'),
  writer: rds.ClusterInstance.serverlessV2('writer'),
  defaultDatabaseName: 'app',
});

const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(cluster),
  databases: [{ databaseName: 'app' }],
});
new CfnOutput(stack, 'DataSource', { value: datafold.connections[0].secret.secretArn });
