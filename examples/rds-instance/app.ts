import { App, aws_ec2 as ec2, aws_rds as rds, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

/** Creates an app with an RDS for PostgreSQL instance in isolated subnets, and Datafold's access to it. */
export function rdsInstanceApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Shop');

  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
  });
  const instance = new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    storageEncrypted: true,
    databaseName: 'shop',
  });

  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.rdsInstance(instance),
    databases: [{ databaseName: 'shop', schemas: ['public', 'sales'] }],
  });
  return app;
}

if (require.main === module) rdsInstanceApp().synth();
