import { App, aws_ec2 as ec2, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const ENV = { account: '111122223333', region: 'eu-west-1' };

/** Creates an app for a PostgreSQL server that is neither Aurora nor RDS: Datafold reads it, but gets no lineage. */
export function endpointApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Warehouse', { env: ENV });

  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });
  const server = PostgresServer.endpoint({
    host: 'warehouse.example.com',
    vpc,
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ServerGroup', 'sg-0123456789abcdef0')],
    adminSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'warehouse/admin'),
  });

  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'warehouse' }] });
  return app;
}

if (require.main === module) endpointApp().synth();
