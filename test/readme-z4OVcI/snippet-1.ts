import { App, Stack, aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { DatafoldPostgres, PostgresServer } from 'cdk-datafold-postgres';

const stack = new Stack(new App(), 'Datafold', { env: { account: '111122223333', region: 'eu-west-1' } });
const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'shop' });

new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.auroraCluster(cluster, {
    vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0' }),
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Sg', 'sg-0123456789abcdef0')],
    adminSecret: secretsmanager.Secret.fromSecretCompleteArn(
      stack, 'Admin', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-admin-AbCdEf',
    ),
  }),
  databases: [{ databaseName: 'app' }],
});
