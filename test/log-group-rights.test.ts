import { aws_kms as kms, aws_logs as logs, aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogRetention, PostgresServer, StatementLogging, type StatementLoggingOptions } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const SETTINGS = ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'];
const KEY = ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'];
const MASKING = [
  'logs:PutDataProtectionPolicy',
  'logs:DeleteDataProtectionPolicy',
  'logs:GetDataProtectionPolicy',
];
const RECORDS = ['logs:TagLogGroup', 'logs:UntagLogGroup', 'logs:ListTagsLogGroup', 'logs:TagResource'];

function logTo(stack: Stack, cluster: rds.IDatabaseCluster, options: StatementLoggingOptions = {}): void {
  const server = PostgresServer.auroraCluster(cluster);
  new StatementLogging(stack, 'Log', {
    server,
    logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH),
    ...options,
  });
}

const existing = (stack: Stack) =>
  rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier: 'shop' });

/** What may be done to the log group. */
function rightsIn(stack: Stack): unknown[] {
  const template = Template.fromStack(stack);
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.values(template.findResources(type)),
  ) as {
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
  logTo(stack, existing(stack));
  expect(rightsIn(stack)).toEqual([...SETTINGS, ...RECORDS].sort());
});

describe.each([
  ['of the app', (stack: Stack) => auroraCluster(stack)],
  ['that exists', existing],
])('for a cluster %s', (_, cluster) => {
  const options = (stack: Stack) => ({
    key: { logEncryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k') },
    masking: { maskedData: [logs.DataIdentifier.EMAILADDRESS] },
  });
  const stackWith = (...names: ('key' | 'masking')[]) => {
    const stack = newStack();
    const all = options(stack);
    logTo(stack, cluster(stack), Object.assign({}, ...names.map((name) => all[name])));
    return stack;
  };
  const policiesIn = (stack: Stack) =>
    Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter((id) =>
      id.startsWith('Log'),
    );

  test('it has the rights to a key and to masking where these are wanted', () => {
    expect(rightsIn(stackWith('key'))).toEqual([...SETTINGS, ...RECORDS, ...KEY].sort());
    expect(rightsIn(stackWith('masking'))).toEqual([...SETTINGS, ...RECORDS, ...MASKING].sort());
  });

  test('the policy with such a right stays beside the next one until the clean-up, to take the wish back', () => {
    const [none, key, masking] = [stackWith(), stackWith('key'), stackWith('masking')].map(policiesIn);
    expect(none).toHaveLength(1);
    for (const one of [key, masking]) expect(one).toHaveLength(1);
    expect(new Set([...none, ...key, ...masking]).size).toBe(3);
  });
});
