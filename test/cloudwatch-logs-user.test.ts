import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, LogAccess } from '../lib';
import { newStack } from './support/stacks';

const READ_ONLY = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/CloudWatchLogsReadOnlyAccess']],
};
const logArn = (name: string, end: string, region: object | string = { Ref: 'AWS::Region' }) => {
  const [before, after] = ['arn:', `:log-group:${name}${end}`];
  const place = typeof region === 'string' ? [`:logs:${region}:`] : [':logs:', region, ':'];
  return {
    'Fn::Join': ['', [before, { Ref: 'AWS::Partition' }, ...place, { Ref: 'AWS::AccountId' }, after]],
  };
};
const forms = (name: string, region?: string) => ['', ':*'].map((end) => logArn(name, end, region));

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** The user can do nothing but read logs, whatever its group allows. */
const NOTHING_ELSE = {
  Effect: 'Deny',
  NotAction: [
    'cloudwatch:GenerateQuery*',
    'kms:Decrypt',
    'logs:Describe*',
    'logs:FilterLogEvents',
    'logs:Get*',
    'logs:List*',
    'logs:StartLiveTail',
    'logs:StartQuery',
    'logs:StopLiveTail',
    'logs:StopQuery',
    'logs:TestMetricFilter',
    'observabilityadmin:Get*',
    'observabilityadmin:List*',
  ],
  Resource: '*',
};

/** The statements of the user's own policy. */
function own(stack: Stack): Statement[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}

test('makes a user that joins the group of the guide, which CloudFormation neither makes nor removes', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Group', 0);
  template.hasResourceProperties('Custom::DatafoldLogsUserGroup', {
    userName: { Ref: Match.stringLikeRegexp('^ReaderUser') },
    groupName: 'CloudWatchLogsReadOnly',
    policyArn: READ_ONLY,
  });
  expect(Object.values(template.findResources('AWS::IAM::User'))[0].Properties).toEqual({
    ManagedPolicyArns: [{ Ref: 'ReaderUserPolicy' }].map(({ Ref }) => ({
      Ref: expect.stringMatching(`^${Ref}`),
    })),
  });
});

test('the key is made when the user is in the group', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const [key] = Object.values(Template.fromStack(stack).findResources('Custom::DatafoldAccessKey'));
  expect(key.DependsOn).toContainEqual(expect.stringMatching(/^ReaderMembership/));
});

test('key and membership name the policy that must be attached to the user, and may not attach it', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const template = Template.fromStack(stack);
  const userPolicyArn = { Ref: Object.keys(template.findResources('AWS::IAM::ManagedPolicy'))[0] };
  template.hasResourceProperties('AWS::IAM::User', { ManagedPolicyArns: [userPolicyArn] });
  for (const type of ['Custom::DatafoldAccessKey', 'Custom::DatafoldLogsUserGroup'])
    template.hasResourceProperties(type, { userPolicyArn });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/iam:(Attach|Detach|Put)User/);
});

test('no access key passes through CloudFormation', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::AccessKey', 0);
  expect(
    Object.keys(Object.values(template.findResources('Custom::DatafoldAccessKey'))[0].Properties),
  ).toEqual(['ServiceToken', 'userName', 'userPolicyArn', 'secretArn']);
});

test('reads the PostgreSQL logs of all servers of the account, and is denied the content of every other log', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const logs = ['cluster', 'instance'].flatMap((kind) => forms(`/aws/rds/${kind}/*/postgresql`, '*'));
  expect(own(stack)).toEqual([
    NOTHING_ELSE,
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
      Resource: logs,
    },
    {
      Effect: 'Allow',
      Action: ['logs:DescribeLogGroups', 'logs:DescribeQueries', 'logs:StopQuery'],
      Resource: '*',
    },
    {
      Effect: 'Deny',
      Action: [
        'cloudwatch:GenerateQueryResultsSummary',
        'logs:DescribeLogStreams',
        'logs:FilterLogEvents',
        'logs:Get*',
        'logs:ListAnomalies',
        'logs:StartLiveTail',
        'logs:StartQuery',
      ],
      NotResource: logs,
    },
  ]);
});

test('a single log group narrows the policy to it', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader', {
    logAccess: LogAccess.logGroupNames(['/aws/rds/cluster/c/postgresql']),
  });
  const [, read, , denied] = own(stack);
  expect(read.Resource).toEqual(forms('/aws/rds/cluster/c/postgresql'));
  expect(denied.NotResource).toEqual(forms('/aws/rds/cluster/c/postgresql'));
});

test('all log groups leave the denial out', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader', { logAccess: LogAccess.allLogGroups() });
  expect(own(stack)).toEqual([NOTHING_ELSE]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::User', {
    ManagedPolicyArns: Match.arrayWith([READ_ONLY]),
  });
});

test('a policy that IAM would not take is an error at synth', () => {
  const app = new App();
  const stack = new Stack(app, 'Test');
  const names = Array.from(
    { length: 40 },
    (_, i) => `/aws/rds/cluster/a-cluster-with-a-name-${i}/postgresql`,
  );
  new CloudWatchLogsUser(stack, 'Reader', { logAccess: LogAccess.logGroupNames(names) });
  expect(() => app.synth()).toThrow(
    /\[Test\/Reader\] The policy of the user that reads the logs has at least 1\d,\d{3} characters, IAM takes 6,144: name several log groups by one pattern \(LogAccess\.logGroupNames\(\['\/aws\/rds\/cluster\/shop-\*\/postgresql'\]\)\), or allow the PostgreSQL logs of all servers \(LogAccess\.allPostgresLogGroups\(\)\)/,
  );
});

test('says all at once what is wrong', () => {
  const stack = newStack();
  const props = { groupName: 'arn:aws:iam::1:group/x', logAccess: LogAccess.logGroups([]) };
  expect(() => new CloudWatchLogsUser(stack, 'Reader', props)).toThrow(
    "Test/Reader can't be set up:\n" +
      '  - `logAccess` must name a log group, got an empty list\n' +
      '  - `groupName` must be 1 to 128 letters, digits and characters of +=,.@_- (the name, not the ARN), got: arn:aws:iam::1:group/x',
  );
});

test('a secret that stacks of other regions name has the name that is given', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader', { secretName: 'datafold/logs-key' });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'datafold/logs-key',
  });
  expect(() => new CloudWatchLogsUser(stack, 'Other', { secretName: 'datafold-reader' })).toThrow(
    "Test/Other can't be set up:\n" +
      '  - `secretName` must not end in a hyphen and six characters, which Secrets Manager takes for the end of an ARN, got: datafold-reader',
  );
});

test('two readers in an account share the group', () => {
  const app = new App();
  const env = (region: string) => ({ env: { account: '111122223333', region } });
  for (const region of ['eu-west-1', 'us-east-1'])
    new CloudWatchLogsUser(new Stack(app, region, env(region)), 'Reader');
  expect(() => app.synth()).not.toThrow();
});

test('may change a group of this library, and say who is in one that somebody else made', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [, policy] = Object.entries(policies).find(([id]) => id.startsWith('ReaderMembershipPolicy'))!;
  const group = (path: string) => ({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':iam::',
        { Ref: 'AWS::AccountId' },
        `:group/${path}CloudWatchLogsReadOnly`,
      ],
    ],
  });
  expect(policy!.Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'iam:ListAttachedUserPolicies',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ReaderUser/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: ['iam:AddUserToGroup', 'iam:GetGroup', 'iam:RemoveUserFromGroup'],
      Resource: [group('*/'), group('')],
    },
    {
      Effect: 'Allow',
      Action: ['iam:CreateGroup', 'iam:DeleteGroup', 'iam:ListAttachedGroupPolicies'],
      Resource: group('datafold/'),
    },
    {
      Effect: 'Allow',
      Action: ['iam:AttachGroupPolicy', 'iam:DetachGroupPolicy'],
      Resource: group('datafold/'),
      Condition: { ArnEquals: { 'iam:PolicyARN': READ_ONLY } },
    },
  ]);
});

test('may do to its own user what a key needs, and to nobody else', () => {
  const stack = newStack();
  new CloudWatchLogsUser(stack, 'Reader');
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
  const [, policy] = Object.entries(policies).find(([id]) => id.startsWith('ReaderAccessKeyPolicy'))!;
  expect(policy!.Properties.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'iam:CreateAccessKey',
        'iam:DeleteAccessKey',
        'iam:ListAccessKeys',
        'iam:ListAttachedUserPolicies',
      ],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ReaderUser/), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      Resource: { Ref: expect.stringMatching(/^ReaderAccessKeySecret/) },
    },
  ]);
});
