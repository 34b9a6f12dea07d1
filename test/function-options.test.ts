import { aws_iam as iam, aws_kms as kms, aws_logs as logs } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

function templateWith(given: boolean): Template {
  const stack = newStack();
  const functions = given
    ? {
        logRetention: logs.RetentionDays.ONE_WEEK,
        logEncryptionKey: new kms.Key(stack, 'LogKey'),
        provisionerMemorySize: 300,
        sqlRunnerMemorySize: 1024,
        permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
      }
    : undefined;
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    functions,
  });
  return Template.fromStack(stack);
}

test('both functions, their logs and the user have what `functions` asks for', () => {
  const template = templateWith(true);
  template.allResourcesProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 7,
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^LogKey'), 'Arn'] },
  });
  for (const MemorySize of [300, 1024])
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize });
  const bounded = { PermissionsBoundary: Match.anyValue() };
  template.resourcePropertiesCountIs('AWS::IAM::Role', bounded, 2);
  template.resourcePropertiesCountIs('AWS::IAM::User', bounded, 1);
});

test('without `functions`, logs are kept for three months and nothing bounds the roles', () => {
  const template = templateWith(false);
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90, KmsKeyId: Match.absent() });
  for (const MemorySize of [256, 512])
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize });
  template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.absent() });
});
