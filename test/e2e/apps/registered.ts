/**
 * Scenario 11: a data source that is proved, registered in Datafold, and whose key and password are replaced.
 *
 * With `sibling` another construct of the stack has a proof that fails, for want of the right to read the log, and no
 * registration; the functions do not wait long for it.
 */
import {
  App,
  aws_iam as iam,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  CfnOutput,
  Stack,
} from 'aws-cdk-lib';
import { CloudWatchLogsUser, DatafoldPostgres, LogAccess, PostgresServer, StatementLog } from '../../../lib';
import { cluster } from './parts/cluster';
import { hurry } from './parts/faults';
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
  verification: { proveLineage: app.node.tryGetContext('sibling') === undefined },
  registration: {
    host,
    apiKeySecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'ApiKey', apiKeySecret),
  },
  logsUser: new CloudWatchLogsUser(stack, 'LogsUser', {
    logAccess: LogAccess.serversOfStack(),
    rotateAccessKey: { noticeTopic },
  }),
  rotatePassword: { noticeTopic },
});
if (app.node.tryGetContext('sibling')) {
  const logsUser = new CloudWatchLogsUser(stack, 'Blind', {
    logAccess: LogAccess.allPostgresLogGroups(),
  });
  logsUser.user.addToPolicy(
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: ['logs:FilterLogEvents'],
      resources: ['*'],
    }),
  );
  new DatafoldPostgres(stack, 'Sibling', {
    server: PostgresServer.auroraCluster(proved),
    databases: [{ databaseName: 'warehouse' }],
    roleName: 'datafold_sibling',
    statementLog: StatementLog.managedElsewhere(),
    logsUser,
    verification: { proveLineage: true },
  });
  hurry(stack);
}
const [dataSource] = datafold.dataSources;
const outputs = {
  Connection: dataSource.secret.secretArn,
  DataSourceId: dataSource.dataSourceId!,
  Notice: dataSource.registrationNotice!,
  Password: datafold.access.passwordSecret.secretArn,
};
for (const [name, value] of Object.entries(outputs)) {
  new CfnOutput(stack, name, { value });
}
