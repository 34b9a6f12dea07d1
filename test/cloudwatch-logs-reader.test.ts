import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsReader, LogAccess } from '../lib';
import { newStack } from './support/stacks';

test('makes the group, the policy and the user of the guide', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader');
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Group', {
    GroupName: 'CloudWatchLogsReadOnly',
    ManagedPolicyArns: [
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/CloudWatchLogsReadOnlyAccess'],
        ],
      },
    ],
  });
  template.hasResourceProperties('AWS::IAM::User', {
    Groups: [{ Ref: Match.stringLikeRegexp('^ReaderGroup') }],
  });
});

test('no access key passes through CloudFormation', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::AccessKey', 0);
  expect(
    Object.keys(Object.values(template.findResources('Custom::DatafoldAccessKey'))[0].Properties),
  ).toEqual(['ServiceToken', 'userName', 'secretArn']);
});

test('a single log group narrows the policy to it', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader', {
    logAccess: LogAccess.singleLogGroup('/aws/rds/cluster/c/postgresql'),
  });
  const arn = (end: string) => ({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':logs:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        `:log-group:/aws/rds/cluster/c/postgresql${end}`,
      ],
    ],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'logs:DescribeLogStreams',
            'logs:FilterLogEvents',
            'logs:GetLogEvents',
            'logs:GetLogGroupFields',
            'logs:GetLogRecord',
            'logs:GetQueryResults',
            'logs:StartQuery',
          ],
          Resource: [arn(''), arn(':*')],
        },
        {
          Effect: 'Allow',
          Action: ['logs:DescribeLogGroups', 'logs:DescribeQueries', 'logs:StopQuery'],
          Resource: '*',
        },
      ],
    },
    Groups: [{ Ref: Match.stringLikeRegexp('^ReaderGroup') }],
  });
});

test('an existing group is used as it is', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader', {
    group: iam.Group.fromGroupName(stack, 'Theirs', 'CloudWatchLogsReadOnly'),
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Group', 0);
  template.hasResourceProperties('AWS::IAM::User', { Groups: ['CloudWatchLogsReadOnly'] });
});

test("says what can't go together with an existing group", () => {
  const stack = newStack();
  const group = iam.Group.fromGroupName(stack, 'Theirs', 'g');
  expect(
    () =>
      new CloudWatchLogsReader(stack, 'Reader', {
        group,
        groupName: 'x',
        logAccess: LogAccess.singleLogGroup(),
      }),
  ).toThrow(
    "Test/Reader can't be set up:\n" +
      '  - `logAccess` must name a log group: LogAccess.singleLogGroup(logGroupName)\n' +
      '  - `groupName` is for a group that is made, `group` for one that exists: leave out one of the two\n' +
      '  - `logAccess` has no effect on an existing `group`: its policies are left alone; leave out one of the two',
  );
});

test('a secret that stacks of other regions name has the name that is given', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader', { secretName: 'datafold/logs-key' });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'datafold/logs-key',
  });
  expect(() => new CloudWatchLogsReader(stack, 'Other', { secretName: 'datafold-reader' })).toThrow(
    "Test/Other can't be set up:\n" +
      '  - `secretName` must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN, got: datafold-reader',
  );
});

describe('two groups of one name', () => {
  const twice =
    'the group CloudWatchLogsReadOnly is made by One/Reader too, and an account has each name once: share that reader (`logsReader`), or give one of the two another `groupName`';
  const readersIn = (...stacks: Stack[]) =>
    stacks.map((stack, i) => new CloudWatchLogsReader(stack, i === 0 ? 'Reader' : 'Second'));

  test('in one stack are refused', () => {
    const app = new App();
    const stack = new Stack(app, 'One');
    readersIn(stack, stack);
    expect(() => app.synth()).toThrow(`[One/Second] ${twice}`);
  });

  test('in stacks of one account are refused', () => {
    const app = new App();
    const env = (region: string) => ({ env: { account: '111122223333', region } });
    readersIn(new Stack(app, 'One', env('eu-west-1')), new Stack(app, 'Two', env('us-east-1')));
    expect(() => app.synth()).toThrow(`[Two/Second] ${twice}`);
  });

  test('in stacks that may be for different accounts are left alone', () => {
    const app = new App();
    readersIn(new Stack(app, 'One'), new Stack(app, 'Two'));
    expect(() => app.synth()).not.toThrow();
  });
});

test('may do to its own user what a key needs, and to nobody else', () => {
  const stack = newStack();
  new CloudWatchLogsReader(stack, 'Reader');
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [, policy] = Object.entries(policies).find(([id]) => id.startsWith('ReaderAccessKeyPolicy'))!;
  expect(policy!.Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:ListAccessKeys'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ReaderUser/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      Resource: { Ref: expect.stringMatching(/^ReaderAccessKeySecret/) },
    },
  ]);
});
