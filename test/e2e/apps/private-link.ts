/** A server and Datafold's access to it through PrivateLink; the context says which server, and whether the access fails. */
import { App, aws_ec2 as ec2, aws_rds as rds, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { DatafoldNetworkAccess, DatafoldPostgres, PostgresServer } from '../../../lib';
import { cluster } from './parts/cluster';
import { describeCluster, describeInstance } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const stackOfServer = new Stack(app, 'LinkedServer', placed(app, 'LinkedServer'));
const vpc = isolatedVpc(stackOfServer);

/** A cluster with a reader, or an instance with a standby. */
function server(): PostgresServer {
  if (app.node.tryGetContext('kind') !== 'instance') {
    const readers = [rds.ClusterInstance.serverlessV2('Reader')];
    const made = cluster(stackOfServer, 'Cluster', vpc, { readers });
    describeCluster(vpc, made);
    return PostgresServer.auroraCluster(made);
  }
  const made = new rds.DatabaseInstance(stackOfServer, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.of('16.6', '16') }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    multiAz: true,
    databaseName: 'app',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  describeInstance(vpc, made);
  return PostgresServer.rdsInstance(made);
}

const fails = app.node.tryGetContext('fails') === 'true';
const stack = new Stack(app, 'Linked', placed(app, 'Linked'));
const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: server(),
  databases: [{ databaseName: fails ? 'missing' : 'app' }],
  networkAccess: DatafoldNetworkAccess.privateLink({
    allowedPrincipals: [`arn:aws:iam::${stack.account}:root`],
    clientCidrs: ['10.0.0.0/16', ...(fails ? ['10.1.0.0/16'] : [])],
    acceptanceRequired: !fails,
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
