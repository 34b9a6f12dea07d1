/** Scenario 1: a new Aurora cluster, and the four lines that the design promises in a stack beside it. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { describeCluster } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const server = new Stack(app, 'NewServer', placed(app, 'NewServer'));
const vpc = isolatedVpc(server);
const newCluster = cluster(server, 'Cluster', vpc);
describeCluster(vpc, newCluster);

// The measurement of `npm run bench` compares with the same app without it.
if (app.node.tryGetContext('datafold') !== 'no') {
  const stack = new Stack(app, 'NewDatafold', placed(app, 'NewDatafold'));
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(newCluster),
    databases: [{ databaseName: 'app' }],
  });
  new CfnOutput(stack, 'Connection', { value: datafold.dataSources[0].secret.secretArn });
}
