/** A cluster with a reader, and Datafold's access to it through PrivateLink. */
import { App, aws_rds as rds, Stack, CfnOutput } from 'aws-cdk-lib';
import { DatafoldNetworkAccess, DatafoldPostgres, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { describeCluster } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const server = new Stack(app, 'LinkedServer', placed(app, 'LinkedServer'));
const vpc = isolatedVpc(server);
const shop = cluster(server, 'Cluster', vpc, { readers: [rds.ClusterInstance.serverlessV2('Reader')] });
describeCluster(vpc, shop);

const stack = new Stack(app, 'Linked', placed(app, 'Linked'));
const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(shop),
  databases: [{ databaseName: 'app' }],
  networkAccess: DatafoldNetworkAccess.privateLink({
    allowedPrincipals: [`arn:aws:iam::${stack.account}:root`],
    clientCidrs: ['10.0.0.0/16'],
  }),
});
const outputs = {
  Connection: datafold.dataSources[0].secret.secretArn,
  ServiceId: datafold.privateLink!.serviceId,
  ServiceName: datafold.privateLink!.serviceName,
  Zones: datafold.privateLink!.availabilityZoneIds,
};
for (const [name, value] of Object.entries(outputs))
  new CfnOutput(stack, `Out${name}`, { value }).overrideLogicalId(name);
