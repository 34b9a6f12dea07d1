import { App, Stack, aws_rds as rds } from 'aws-cdk-lib';
import { CloudWatchLogsReader, DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

declare const sales: rds.DatabaseCluster;
declare const orders: rds.DatabaseInstance;

const stack = new Stack(new App(), 'Datafold');
const logsReader = new CloudWatchLogsReader(stack, 'LogsReader');
const databases = [{ databaseName: 'app' }];
new DatafoldPostgres(stack, 'Sales', { server: PostgresServer.auroraCluster(sales), databases, logsReader });
new DatafoldPostgres(stack, 'Orders', { server: PostgresServer.rdsInstance(orders), databases, logsReader });
