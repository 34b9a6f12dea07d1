/** Statement logging of the cluster of another stack, by its identifier alone. */
import { App, aws_rds as rds, CfnOutput, Stack } from 'aws-cdk-lib';
import { PostgresServer, RebootPolicy, StatementLogging } from '../../../lib';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'Logging', placed(app, 'Logging'));
const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
  clusterIdentifier: app.node.tryGetContext('cluster') as string,
});
const logging = new StatementLogging(stack, 'Log', {
  server: PostgresServer.auroraCluster(cluster),
  rebootPolicy: app.node.tryGetContext('reboot') ? RebootPolicy.IF_PENDING : undefined,
  logBindValues: app.node.tryGetContext('bindValues') !== 'no',
});
const { notices, pendingReboot, parameterGroupName } = logging;
for (const [name, value] of Object.entries({ notices, pendingReboot, parameterGroupName }))
  new CfnOutput(stack, `Out${name}`, { value: value! }).overrideLogicalId(name);
