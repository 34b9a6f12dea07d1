import { aws_logs as logs, aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PostgresServer, StatementLogging } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const SETTINGS = [
  'logs:CreateLogGroup',
  'logs:PutRetentionPolicy',
  'logs:DeleteRetentionPolicy',
  'logs:AssociateKmsKey',
  'logs:DisassociateKmsKey',
  'logs:PutDataProtectionPolicy',
  'logs:DeleteDataProtectionPolicy',
  'logs:GetDataProtectionPolicy',
];

function logTo(stack: Stack, cluster: rds.IDatabaseCluster): void {
  const server = PostgresServer.auroraCluster(cluster);
  new StatementLogging(stack, 'Log', { server, logRetention: logs.RetentionDays.ONE_MONTH });
}

/** What may be done to the log group. */
function rightsIn(stack: Stack): unknown[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } };
  }[];
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Resource }) => JSON.stringify(Resource).includes(':log-group:/aws/rds/'))
    .flatMap(({ Action }) => Action)
    .sort();
}

test('the provisioner may keep the former settings of a log group in its tags', () => {
  const stack = newStack();
  logTo(stack, auroraCluster(stack));
  const records = ['logs:TagLogGroup', 'logs:UntagLogGroup', 'logs:ListTagsLogGroup', 'logs:TagResource'];
  expect(rightsIn(stack)).toEqual([...SETTINGS, ...records].sort());
});

test('it may not where they are kept in the tags of the server', () => {
  const stack = newStack();
  logTo(
    stack,
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'shop' }),
  );
  expect(rightsIn(stack)).toEqual([...SETTINGS].sort());
});
