/** The same stack in two regions of one account. The logs user is an account's, so the second region uses the first one's. */
import { App, aws_secretsmanager as secretsmanager, CfnOutput, Stack } from 'aws-cdk-lib';
import { CloudWatchLogsUser, DatafoldPostgres, type ICloudWatchLogsUser, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { isolatedVpc } from './parts/isolated-vpc';

const app = new App();
const account = '123456789012';

function regional(id: string, region: string, logsUserIn: (stack: Stack) => ICloudWatchLogsUser): void {
  const stack = new Stack(app, id, { env: { account, region } });
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster(stack, 'Cluster', isolatedVpc(stack))),
    databases: [{ databaseName: 'app' }],
    logsUser: logsUserIn(stack),
  });
  new CfnOutput(stack, 'Connection', { value: datafold.dataSources[0].secret.secretArn });
  new CfnOutput(stack, 'AccessKeySecret', { value: datafold.logsUser!.accessKeySecret.secretArn });
}

regional('East', 'us-east-1', (stack) => new CloudWatchLogsUser(stack, 'LogsUser'));
const accessKeySecret = app.node.tryGetContext('accessKeySecret') as string | undefined;
if (accessKeySecret) {
  regional('West', 'us-west-2', (stack) =>
    CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'LogsUser', {
      accessKeySecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'AccessKey', accessKeySecret),
    }),
  );
}
