import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ADMIN_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-admin-AbCdEf';

/** Creates an app that gives Datafold access to an Aurora cluster that exists already. */
export function existingAuroraApp(outdir?: string): App {
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
  const server = PostgresServer.auroraCluster(cluster, {
    vpc,
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ClusterGroup', 'sg-0123456789abcdef0')],
    adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', ADMIN_SECRET),
  });

  new DatafoldPostgres(stack, 'Datafold', {
    server,
    databases: [{ databaseName: 'shop', excludeTables: ['public.payment_cards'] }],
  });
  return app;
}

if (require.main === module) existingAuroraApp().synth();
