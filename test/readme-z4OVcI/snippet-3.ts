import { App, Stack, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { CloudWatchLogsReader, DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

declare const sales: rds.DatabaseCluster;

const app = new App();
const home = new Stack(app, 'Reader', { env: { account: '111122223333', region: 'eu-west-1' } });
const secretName = 'datafold/logs-reader-key';
new CloudWatchLogsReader(home, 'LogsReader', { secretName, rotateAccessKey: {} });

const stack = new Stack(app, 'Sales', { env: { account: '111122223333', region: 'us-east-1' } });
const secret = secretsmanager.Secret.fromSecretPartialArn(
  stack, 'Key', `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${secretName}`,
);
new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(sales),
  databases: [{ databaseName: 'app' }],
  logsReader: CloudWatchLogsReader.fromAccessKeySecret(stack, 'LogsReader', secret, { isRotated: true }),
});
