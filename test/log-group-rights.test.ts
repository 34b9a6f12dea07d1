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
const RECORDS = ['logs:TagLogGroup', 'logs:UntagLogGroup', 'logs:ListTagsLogGroup', 'logs:TagResource'];

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
  expect(rightsIn(stack)).toEqual([...SETTINGS, ...RECORDS].sort());
});

test('it may where they are kept in the tags of the server too, which those of the log group confirm', () => {
  const stack = newStack();
  logTo(
    stack,
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'shop' }),
  );
  expect(rightsIn(stack)).toEqual([...SETTINGS, ...RECORDS].sort());
});
