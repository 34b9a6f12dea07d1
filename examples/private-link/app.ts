import { App, aws_ec2 as ec2, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { DatafoldNetworkAccess, DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

/** Creates an app with an Aurora cluster in isolated subnets, which Datafold reaches through AWS PrivateLink. */
export function privateLinkApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('writer'),
    readers: [rds.ClusterInstance.serverlessV2('reader')],
    defaultDatabaseName: 'shop',
  });

  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster),
    databases: [{ databaseName: 'shop' }],
    networkAccess: DatafoldNetworkAccess.privateLink({
      // Ask Datafold's support for the role and the range of its VPC.
      allowedPrincipals: ['arn:aws:iam::123456789012:role/datafold'],
      clientCidrs: ['10.20.0.0/16'],
    }),
  });
  datafold.privateLink?.addAlarms();
  return app;
}

if (require.main === module) privateLinkApp().synth();
