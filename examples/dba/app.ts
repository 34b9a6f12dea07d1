import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer, SqlExecution } from 'cdk-datafold-postgres';

const ENV = { account: '111122223333', region: 'eu-west-1' };

/** Creates an app that only verifies the role: a database administrator runs the SQL. */
export function dbaApp(outdir?: string): App {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Datafold', { env: ENV });

  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
    clusterIdentifier: 'shop',
  });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });

  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(cluster, {
      vpc,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ClusterGroup', 'sg-0123456789abcdef0')],
    }),
    databases: [{ databaseName: 'shop', schemas: ['public', 'sales'] }],
    sqlBy: SqlExecution.byDba({
      passwordSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Password', 'shop/datafold-password'),
    }),
  });
  return app;
}

if (require.main === module) dbaApp().synth();
