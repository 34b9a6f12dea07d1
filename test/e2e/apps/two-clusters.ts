/** One stack with two clusters that share a logs user, in one network or in two. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'TwoClusters', placed(app, 'TwoClusters'));
const firstVpc = isolatedVpc(stack, 'FirstVpc');
const secondVpc =
  app.node.tryGetContext('networks') === '2' ? isolatedVpc(stack, 'SecondVpc', '10.1.0.0/16') : firstVpc;

const databases = [{ databaseName: 'app' }];
const first = new DatafoldPostgres(stack, 'First', {
  server: PostgresServer.auroraCluster(cluster(stack, 'FirstCluster', firstVpc)),
  databases,
});
const second = new DatafoldPostgres(stack, 'Second', {
  server: PostgresServer.auroraCluster(cluster(stack, 'SecondCluster', secondVpc)),
  databases,
  logsUser: first.logsUser,
});
for (const [name, { dataSources }] of Object.entries({ First: first, Second: second })) {
  new CfnOutput(stack, `Out${name}`, { value: dataSources[0].secret.secretArn }).overrideLogicalId(
    `Of${name}`,
  );
}
