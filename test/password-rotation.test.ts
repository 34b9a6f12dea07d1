import { App, aws_kms as kms, aws_sns as sns, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DatabaseAccess,
  DatafoldPostgres,
  DataSource,
  type PasswordRotation,
  PostgresServer,
} from '../lib';
import { auroraCluster, newStack } from './support/stacks';

function datafold(stack: Stack, rotatePassword?: PasswordRotation): DatafoldPostgres {
  return new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }, { databaseName: 'shop' }],
    rotatePassword,
  });
}

const only = (template: Template, type: string) => {
  const found = Object.entries(template.findResources(type));
  expect(found).toHaveLength(1);
  return { id: found[0][0], ...found[0][1] } as { id: string; Properties: never; DependsOn: string[] };
};

test('is off by default', () => {
  const stack = newStack();
  datafold(stack);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  template.resourceCountIs('Custom::DatafoldPasswordRotation', 0);
});

test('rotates with the function of the stack, not with the deployment and not before the role is there', () => {
  const stack = newStack();
  datafold(stack, { every: Duration.days(30) });
  const template = Template.fromStack(stack);
  const access = only(template, 'Custom::DatafoldDatabaseAccess');
  const rotation = only(template, 'Custom::DatafoldPasswordRotation');
  const schedule = only(template, 'AWS::SecretsManager::RotationSchedule');
  expect(schedule.Properties).toEqual({
    SecretId: { Ref: expect.stringMatching(/^DatafoldAccessPassword/) },
    RotationLambdaARN: { 'Fn::GetAtt': [expect.stringMatching(/^DatafoldProvisionerFunction/), 'Arn'] },
    RotateImmediatelyOnUpdate: false,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  expect(schedule.DependsOn).toContain(rotation.id);
  expect(rotation.DependsOn).toContain(access.id);
});

test('the rotation knows what the access was made with, and every data source with the password', () => {
  const stack = newStack();
  datafold(stack, { noticeTopic: new sns.Topic(stack, 'People') });
  const template = Template.fromStack(stack);
  const { ServiceToken, ...access } = only(template, 'Custom::DatafoldDatabaseAccess')
    .Properties as object & {
    ServiceToken: unknown;
  };
  expect(only(template, 'Custom::DatafoldPasswordRotation').Properties).toEqual({
    ServiceToken,
    access,
    dataSourceSecretArns: [
      { Ref: expect.stringMatching(/^DatafoldDataSourcesappSecret/) },
      { Ref: expect.stringMatching(/^DatafoldDataSourcesshopSecret/) },
    ],
    topicArn: { Ref: expect.stringMatching(/^People/) },
  });
});

test('another key of the secret reaches what the rotation knows; the topic is a tag of the secret, too', () => {
  const stack = newStack();
  new DatabaseAccess(stack, 'Access', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    encryptionKey: new kms.Key(stack, 'Key'),
    rotatePassword: { noticeTopic: new sns.Topic(stack, 'People') },
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::DatafoldPasswordRotation', {
    secretKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Description: 'The password of the PostgreSQL role of Datafold',
    Tags: [{ Key: 'datafold:notice-topic', Value: { Ref: Match.stringLikeRegexp('^People') } }],
  });
});

test('only Secrets Manager of this account may call the function, and it may move versions of this secret alone', () => {
  const stack = newStack();
  datafold(stack, {});
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'secretsmanager.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
  });
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Effect: 'Allow',
          Action: Match.arrayWith(['secretsmanager:UpdateSecretVersionStage']),
          Resource: { Ref: Match.stringLikeRegexp('^DatafoldAccessPassword') },
        },
      ]),
    },
  });
});

test('a data source in another stack fetches the password itself', () => {
  const app = new App();
  const [shared, own] = [new Stack(app, 'Shared'), new Stack(app, 'Own')];
  const server = PostgresServer.auroraCluster(auroraCluster(shared));
  const access = new DatabaseAccess(shared, 'Access', {
    server,
    databases: [{ databaseName: 'app' }],
    rotatePassword: {},
  });
  const logsUser = new CloudWatchLogsUser(shared, 'Reader');
  new DataSource(own, 'Connection', { databaseName: 'app', access, logsUser });
  expect(only(Template.fromStack(shared), 'Custom::DatafoldPasswordRotation').Properties).toMatchObject({
    dataSourceSecretArns: [],
  });
  const { Properties } = only(Template.fromStack(own), 'AWS::Events::Rule');
  expect(Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
  expect(JSON.stringify(Properties)).toContain('passwordSecretArn');
});

test.each([Duration.hours(12), Duration.days(1001)])('refuses every %j', (every) => {
  expect(() => datafold(newStack(), { every })).toThrow(
    `  - \`rotatePassword.every\` must be a whole number of days from 1 to 1000, got: ${every.toHumanString()}`,
  );
});
