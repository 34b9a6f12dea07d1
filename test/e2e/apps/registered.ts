/** Scenario 11: a data source that is proved, registered in Datafold, and whose key and password are replaced. */
import { App, aws_secretsmanager as secretsmanager, aws_sns as sns, CfnOutput, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { describeCluster } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const server = new Stack(app, 'ProvedServer', placed(app, 'ProvedServer'));
const vpc = isolatedVpc(server);
const proved = cluster(server, 'Cluster', vpc);
describeCluster(vpc, proved);

const stack = new Stack(app, 'Registered', placed(app, 'Registered'));
const { host, apiKeySecret } = JSON.parse(app.node.tryGetContext('datafold') as string) as Record<
  string,
  string
>;
const noticeTopic = new sns.Topic(stack, 'People');
const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(proved),
  databases: [{ databaseName: 'app' }],
  proveLineage: true,
  registration: {
    host,
    apiKeySecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'ApiKey', apiKeySecret),
  },
  rotateAccessKey: { noticeTopic },
  rotatePassword: { noticeTopic },
});
const [connection] = datafold.connections;
const outputs = {
  Connection: connection.secret.secretArn,
  DataSourceId: connection.dataSourceId!,
  Notice: connection.registrationNotice!,
  Password: datafold.access.passwordSecret.secretArn,
};
for (const [name, value] of Object.entries(outputs)) {
  new CfnOutput(stack, name, { value });
}
