import {
  App,
  aws_kms as kms,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type AccessKeyRotation, CloudWatchLogsUser, DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

function datafold(stack: Stack, rotateAccessKey?: AccessKeyRotation): DatafoldPostgres {
  return new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }, { databaseName: 'shop' }],
    logsUser: rotateAccessKey && new CloudWatchLogsUser(stack, 'LogsUser', { rotateAccessKey }),
  });
}

/** The input of the only rule, with every reference as its logical id. */
function inputOf(template: Template): Record<string, unknown> {
  const [rule] = Object.values(template.findResources('AWS::Events::Rule'));
  const [{ Input }] = rule.Properties.Targets as [{ Input: { 'Fn::Join': [string, unknown[]] } }];
  const parts = Input['Fn::Join'][1].map((part) =>
    typeof part === 'string' ? part : ((part as { Ref?: string }).Ref ?? 'imported'),
  );
  return JSON.parse(parts.join('')) as Record<string, unknown>;
}

test('is off by default', () => {
  const stack = newStack();
  datafold(stack);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Events::Rule', 0);
  expect(JSON.stringify(template.toJSON())).not.toContain('iam:UpdateAccessKey');
});

test('looks every day, for the key and for every data source that holds it', () => {
  const stack = newStack();
  datafold(stack, { every: Duration.days(60), overlap: Duration.days(7) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
  expect(inputOf(template)).toEqual({
    datafoldTask: 'rotate-access-key',
    properties: {
      userName: expect.stringMatching(/^LogsUser/),
      userPolicyArn: expect.stringMatching(/^LogsUserUserPolicy/),
      secretArn: expect.stringMatching(/^LogsUserAccessKeySecret/),
    },
    every: '60',
    overlap: '7',
    grace: '14',
    dataSourceSecretArns: [
      expect.stringMatching(/^DatafoldDataSourcesappSecret/),
      expect.stringMatching(/^DatafoldDataSourcesshopSecret/),
    ],
    stackId: 'AWS::StackId',
    logicalResourceId: expect.stringMatching(/^LogsUserAccessKey/),
  });
});

test('only this rule may call the function, and it may write the data sources and publish to the topic', () => {
  const stack = newStack();
  const noticeTopic = new sns.Topic(stack, 'People', { masterKey: new kms.Key(stack, 'Key') });
  datafold(stack, { noticeTopic });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Rotation'), 'Arn'] },
  });
  expect(inputOf(template).topicArn).toMatch(/^People/);
  const [[, policy]] = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
    /LogsUserAccessKeyRights/.test(id),
  );
  const statements = policy.Properties.PolicyDocument.Statement as { Action: unknown; Resource: unknown }[];
  const actionsOn = (resource: RegExp) =>
    statements.filter((s) => resource.test(JSON.stringify(s.Resource))).flatMap((s) => s.Action);
  expect(actionsOn(/DataSourcesappSecret/)).toEqual([
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
  ]);
  expect(actionsOn(/"People/)).toEqual(['sns:Publish']);
  expect(actionsOn(/"Key/)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  expect(actionsOn(/LogsUser/)).toContain('iam:UpdateAccessKey');
});

test('a data source in another stack fetches the key itself, so that no stack waits for itself', () => {
  const app = new App();
  const [shared, own] = [new Stack(app, 'Shared'), new Stack(app, 'Own')];
  const logsUser = new CloudWatchLogsUser(shared, 'Reader', { rotateAccessKey: {} });
  new DatafoldPostgres(own, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(own)),
    databases: [{ databaseName: 'app' }],
    logsUser,
  });
  expect(inputOf(Template.fromStack(shared))).toMatchObject({ dataSourceSecretArns: [] });
  const template = Template.fromStack(own);
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
  expect(inputOf(template)).toMatchObject({
    datafoldTask: 'renew-data-sources',
    dataSourceSecretArns: [expect.stringMatching(/^DatafoldDataSourcesappSecret/)],
  });
});

test('data sources that fetch the key themselves share rules, since Lambda limits the policy of the function', () => {
  const app = new App();
  const [shared, own] = [new Stack(app, 'Shared'), new Stack(app, 'Own')];
  const logsUser = new CloudWatchLogsUser(shared, 'Reader', { rotateAccessKey: {} });
  const databases = Array.from({ length: 50 }, (_, i) => ({ databaseName: `app${i}` }));
  const server = PostgresServer.auroraCluster(auroraCluster(own));
  new DatafoldPostgres(own, 'Datafold', { server, databases, logsUser });
  const rules = Template.fromStack(own).findResources('AWS::Events::Rule');
  const secrets = Object.values(rules).map((rule) => {
    const input = JSON.stringify(rule.Properties.Targets[0].Input);
    return [...new Set(input.match(/DatafoldDataSourcesapp\d+Secret/g))].length;
  });
  expect(secrets).toEqual([20, 20, 10]);
  Template.fromStack(own).resourceCountIs('AWS::Lambda::Permission', 3);
});

test.each([
  [
    { every: Duration.hours(30) },
    '`rotateAccessKey.every` must be a whole number of days, at least 1, got: 1 day 6 hours',
  ],
  [
    { overlap: Duration.minutes(5) },
    '`rotateAccessKey.overlap` must be a whole number of days, at least 1, got: 5 minutes',
  ],
  [
    { every: Duration.days(28) },
    '`rotateAccessKey.every` must be longer than `overlap` and `grace` together (28 days): a user has two keys at most; got: 28 days',
  ],
])('refuses %j', (rotation, problem) => {
  expect(() => datafold(newStack(), rotation)).toThrow(`  - ${problem}`);
});

test('a data source follows an imported logs user within the hour, if the import says that its key is replaced', () => {
  const rulesWith = (isRotated: boolean | undefined) => {
    const stack = newStack();
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'datafold/logs-key');
    const noticeTopic = sns.Topic.fromTopicArn(stack, 'People', 'arn:aws:sns:eu-west-1:111122223333:people');
    const logsUser = CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'Reader', {
      accessKeySecret: secret,
      isRotated,
      noticeTopic,
    });
    new DatafoldPostgres(stack, 'Datafold', {
      server: PostgresServer.auroraCluster(auroraCluster(stack)),
      databases: [{ databaseName: 'app' }],
      logsUser,
    });
    return Template.fromStack(stack);
  };
  rulesWith(undefined).resourceCountIs('AWS::Events::Rule', 0);
  const template = rulesWith(true);
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 hour)' });
  expect(inputOf(template)).toEqual({
    datafoldTask: 'renew-data-sources',
    properties: { accessKeySecretArn: expect.stringMatching(/:secret:datafold\/logs-key$/) },
    dataSourceSecretArns: [expect.stringMatching(/^DatafoldDataSourcesappSecret/)],
    topicArn: 'arn:aws:sns:eu-west-1:111122223333:people',
    stackId: 'AWS::StackId',
    logicalResourceId: expect.stringMatching(/^DatafoldDataSourcesappValue/),
  });
});
