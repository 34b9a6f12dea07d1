import { App, aws_logs as logs, aws_rds as rds, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { LogRetention, PostgresServer, StatementLogging } from '../lib';
import { auroraCluster } from './support/stacks';

const imported = (stack: Stack) =>
  rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'shop' });

function log(stack: Stack, cluster: rds.IDatabaseCluster): StatementLogging {
  const server = PostgresServer.auroraCluster(cluster);
  return new StatementLogging(stack, 'Log', {
    server,
    logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH),
  });
}

test('the tags of the stack and of the construct go to the provisioner, which makes things outside of CloudFormation', () => {
  const stack = new Stack(new App(), 'Test', { tags: { cost: 'shop', team: 'data' } });
  const logging = log(stack, imported(stack));
  Tags.of(logging).add('team', 'platform');
  Tags.of(logging).add('only-buckets', 'x', { includeResourceTypes: ['AWS::S3::Bucket'] });
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldStatementLogging', {
    tags: { cost: 'shop', team: 'platform', 'only-buckets': Match.absent() },
  });
});

test('so do those of an aspect on the app, for the log group of a cluster of this app', () => {
  const app = new App();
  const stack = new Stack(app, 'Test');
  log(stack, auroraCluster(stack));
  Tags.of(app).add('team', 'platform');
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldLogGroup', { tags: { team: 'platform' } });
});

test('without tags there is no property, and tags of AWS are not given', () => {
  const stack = new Stack(new App(), 'Test', { tags: { 'aws:cdk:something': 'x' } });
  log(stack, imported(stack));
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldStatementLogging', {
    tags: Match.absent(),
  });
});
