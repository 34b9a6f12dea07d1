/** The same stack in two regions of one account. The logs user is an account's, so the second region uses the first one's. */
import { App, aws_secretsmanager as secretsmanager, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  CloudWatchLogsUser,
  DatafoldPostgres,
  type ICloudWatchLogsUser,
  LogAccess,
  PostgresServer,
} from '../../../lib';
import { cluster } from './parts/cluster';
import { isolatedVpc } from './parts/isolated-vpc';

const app = new App();
const account = '123456789012';

function regional(
  id: string,
  region: string,
  importLogsUser: (stack: Stack) => ICloudWatchLogsUser | undefined,
  logAccess?: LogAccess,
): void {
  const stack = new Stack(app, id, { env: { account, region } });
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster(stack, 'Cluster', isolatedVpc(stack))),
    databases: [{ databaseName: 'app' }],
    logsUser: importLogsUser(stack),
    logAccess,
  });
  new CfnOutput(stack, 'Connection', { value: datafold.dataSources[0].secret.secretArn });
  new CfnOutput(stack, 'AccessKeySecret', { value: datafold.logsUser!.accessKeySecret.secretArn });
}

// A logs user that servers of other stacks use: on its own it would read the log of its own server only.
regional('East', 'us-east-1', () => undefined, LogAccess.allPostgresLogGroups());
const accessKeySecret = app.node.tryGetContext('accessKeySecret') as string | undefined;
if (accessKeySecret) {
  regional('West', 'us-west-2', (stack) =>
    CloudWatchLogsUser.fromAccessKeySecret(
      stack,
      'Reader',
      secretsmanager.Secret.fromSecretCompleteArn(stack, 'AccessKey', accessKeySecret),
    ),
  );
}
