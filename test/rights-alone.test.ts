import { App, aws_secretsmanager as secretsmanager, aws_sns as sns, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatabaseAccess, DataSource, PostgresServer, StatementLogging } from '../lib';
import { auroraCluster } from './support/stacks';

interface Policy {
  readonly Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } };
}

/**
 * What the policies of its own let a custom resource do: all are of one role, so that one often has what another lacks.
 *
 * The connection has a stack of its own, and so a policy of its own, as has what hangs on it.
 */
const rightsOf = (() => {
  const app = new App();
  const home = new Stack(app, 'Home');
  const server = PostgresServer.auroraCluster(auroraCluster(home));
  const noticeTopic = new sns.Topic(home, 'Topic');
  new StatementLogging(home, 'Logging', { server, excludedRoles: ['etl'] });
  const logsUser = new CloudWatchLogsUser(home, 'Reader', { rotateAccessKey: { noticeTopic } });
  const databases = [{ databaseName: 'app' }];
  const access = new DatabaseAccess(home, 'Role', { server, databases });
  const rotated = { roleName: 'rotated', rotatePassword: { noticeTopic } };
  new DatabaseAccess(home, 'Rotated', { server, databases, ...rotated });
  const stack = new Stack(app, 'Other');
  new DataSource(stack, 'Source', {
    ...{ server, access, logsUser, databaseName: 'app', proveLineage: true },
    registration: { apiKeySecret: new secretsmanager.Secret(stack, 'ApiKey') },
  });
  const templates = [home, stack].map((one) => Template.fromStack(one));
  return (type: string): string[] => {
    const template = templates.find((one) => Object.keys(one.findResources(type)).length > 0)!;
    const [{ DependsOn }] = Object.values(template.findResources(type)) as { DependsOn: string[] }[];
    const policies = {
      ...template.findResources('AWS::IAM::Policy'),
      ...template.findResources('AWS::IAM::ManagedPolicy'),
    } as unknown as Record<string, Policy>;
    const rights = DependsOn.filter((id) => id in policies && !/^Datafold(Provisioner|SqlRunner)/.test(id))
      .flatMap((id) => policies[id].Properties.PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) => [Resource].flat().map((one) => `${action} ${nameOf(one)}`)),
      );
    return [...new Set(rights)].sort();
  };
})();

/** The construct that an ARN is of, wherever it is. */
function nameOf(arn: unknown): string {
  const references = JSON.stringify(arn).matchAll(/"(?:Ref|Fn::GetAtt|Fn::ImportValue)":\[?"([^"]+)"/g);
  const [, id = String(arn)] = [...references].at(-1) ?? [];
  return id.replace(/^Home:ExportsOutput(Ref|FnGetAtt)/, '').replace(/([0-9A-F]{8}|[0-9a-f]{8}).*$/, '');
}

test.each([
  [
    'Custom::DatafoldDatabaseAccess',
    [
      'lambda:InvokeFunction DatafoldSqlRunner',
      'logs:DescribeLogGroups *',
      'rds:DescribeDBClusters Cluster',
      'secretsmanager:GetSecretValue ClusterSecretAttachment',
      'secretsmanager:GetSecretValue RolePassword',
    ],
  ],
  // Secrets Manager tests the rotation as soon as the schedule exists, with the rights of the access too, which it waits for.
  [
    'AWS::SecretsManager::RotationSchedule',
    [
      'logs:DescribeLogGroups *',
      'rds:DescribeDBClusters Cluster',
      'secretsmanager:DescribeSecret RotatedPassword',
      'secretsmanager:GetSecretValue RotatedPassword',
      'secretsmanager:PutSecretValue RotatedPassword',
      'secretsmanager:UpdateSecretVersionStage RotatedPassword',
      'sns:Publish Topic',
      'ssm:GetParameter RotatedPassword',
    ],
  ],
  [
    'Custom::DatafoldLogExclusions',
    ['lambda:InvokeFunction DatafoldSqlRunner', 'secretsmanager:GetSecretValue ClusterSecretAttachment'],
  ],
  // Its daily task has rights of its own beside them.
  [
    'Custom::DatafoldAccessKey',
    [
      'iam:CreateAccessKey ReaderUser',
      'iam:DeleteAccessKey ReaderUser',
      'iam:ListAccessKeys ReaderUser',
      'iam:ListAttachedUserPolicies ReaderUser',
      'secretsmanager:GetSecretValue ReaderAccessKeySecret',
      'secretsmanager:PutSecretValue ReaderAccessKeySecret',
    ],
  ],
  [
    'Custom::DatafoldDataSource',
    [
      'secretsmanager:GetSecretValue ReaderAccessKeySecret',
      'secretsmanager:GetSecretValue RolePassword',
      'secretsmanager:GetSecretValue SourceSecret',
      'secretsmanager:PutSecretValue SourceSecret',
      'sns:Publish Topic',
    ],
  ],
  [
    'Custom::DatafoldLineageProof',
    [
      'lambda:InvokeFunction DatafoldSqlRunner',
      'logs:DescribeLogGroups *',
      'rds:DescribeDBClusters Cluster',
      'secretsmanager:GetSecretValue SourceSecret',
    ],
  ],
  // It reads the secret of the data source too, as that does, which it waits for.
  ['Custom::DatafoldRegistration', ['secretsmanager:GetSecretValue ApiKey']],
])('%s has in its own policy what it needs, and nothing else', (type, rights) => {
  expect(rightsOf(type)).toEqual(rights);
});
