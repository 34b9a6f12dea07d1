import { App, aws_secretsmanager as secretsmanager, aws_sns as sns, Duration, Stack } from 'aws-cdk-lib';
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

interface Policy {
  readonly Properties: {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Action?: string | string[]; readonly Resource: unknown }[];
    };
  };
}

/** A text with `<LogicalId>` in place of each reference, and `[6]` for the name in an ARN. */
const joined = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, ...of } = value as { Ref?: string } & Record<string, [number, { 'Fn::Split': unknown[] }]>;
  const join = of['Fn::Join']?.[1] as unknown as unknown[] | undefined;
  if (join) return join.map(joined).join('');
  const select = of['Fn::Select'];
  if (!select) return `<${String(Ref ?? of['Fn::GetAtt'])}>`;
  return joined(select[1]['Fn::Split'][1]).replace('>', `[${select[0]}]>`);
};

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
  template.resourceCountIs('AWS::SSM::Parameter', 0);
});

test('rotates with the function of the stack, not with the deployment and not before the role is there', () => {
  const stack = newStack();
  datafold(stack, { every: Duration.days(30) });
  const template = Template.fromStack(stack);
  const access = only(template, 'Custom::DatafoldDatabaseAccess');
  const settings = only(template, 'AWS::SSM::Parameter');
  const schedule = only(template, 'AWS::SecretsManager::RotationSchedule');
  expect(schedule.Properties).toEqual({
    SecretId: { Ref: expect.stringMatching(/^DatafoldAccessPassword/) },
    RotationLambdaARN: { 'Fn::GetAtt': [expect.stringMatching(/^DatafoldProvisionerFunction/), 'Arn'] },
    RotateImmediatelyOnUpdate: false,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
  expect(schedule.DependsOn).toContain(settings.id);
  expect(settings.DependsOn).toContain(access.id);
});

test('the settings are in a parameter that is named after the secret, and hold no secret', () => {
  const stack = newStack();
  datafold(stack, { noticeTopic: new sns.Topic(stack, 'People') });
  const template = Template.fromStack(stack);
  const { Name, Value, ...others } = only(template, 'AWS::SSM::Parameter').Properties as Record<
    string,
    unknown
  >;
  expect(others).toEqual({
    Type: 'String',
    Tier: 'Intelligent-Tiering',
    Description: 'How the password of the PostgreSQL role of Datafold is rotated; contains no secret',
  });
  expect(joined(Name)).toMatch(
    /^\/cdk-datafold-postgres\/password-rotation\/<DatafoldAccessPassword\w+\[6\]>$/,
  );
  expect(JSON.parse(joined(Value))).toEqual({
    sqlRunner: expect.stringMatching(/^<DatafoldSqlRunner/),
    server: {
      host: expect.stringMatching(/^<Cluster/),
      port: expect.stringMatching(/^<Cluster/),
      tls: 'verify-full',
      resource: expect.any(String),
    },
    adminSecretArn: expect.stringMatching(/^<ClusterSecretAttachment/),
    roleName: 'datafold',
    databaseName: 'app',
    maintenanceDatabase: 'postgres',
    dataSourceSecretArns: [
      expect.stringMatching(/^<DatafoldDataSourcesappSecret/),
      expect.stringMatching(/^<DatafoldDataSourcesshopSecret/),
    ],
    topicArn: expect.stringMatching(/^<People/),
  });
});

test('the topic is a tag of the secret, too, for a rotation without settings', () => {
  const stack = newStack();
  datafold(stack, { noticeTopic: new sns.Topic(stack, 'People') });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', {
    Description: 'The password of the PostgreSQL role of Datafold',
    Tags: [{ Key: 'datafold:notice-topic', Value: { Ref: Match.stringLikeRegexp('^People') } }],
  });
});

test('a secret that an aspect gives a name is rotated under this name', () => {
  const stack = newStack();
  const { access } = datafold(stack, {});
  (access.passwordSecret.node.defaultChild as secretsmanager.CfnSecret).name = 'bank-datafold';
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const [runner] = Object.entries(functions).filter(([id]) => id.startsWith('DatafoldSqlRunner'));
  expect(JSON.stringify(runner)).toContain('rotation|bank-datafold-*|');
});

test('one rotated access may wait for another on the same server, since the sql-runner refers to no secret', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  const databases = [{ databaseName: 'app' }];
  const rotated = (id: string) =>
    new DatabaseAccess(stack, id, {
      ...{ server, databases, roleName: id.toLowerCase(), tempSchema: `${id.toLowerCase()}_tmp` },
      rotatePassword: {},
    });
  const first = rotated('First');
  rotated('Second').node.addDependency(first);
  expect(() => Template.fromStack(stack)).not.toThrow();
});

test('the provisioner may read this parameter, and the schedule waits for all that a rotation may do', () => {
  const stack = newStack();
  datafold(stack, { noticeTopic: new sns.Topic(stack, 'People') });
  const template = Template.fromStack(stack);
  const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')) as [string, Policy][];
  const statements = policies.flatMap(([id, { Properties }]) =>
    Properties.PolicyDocument.Statement.map((one) => ({ ...one, id })),
  );
  const [reads, ...more] = statements.filter(({ Action }) => /ssm:/.test(String(Action)));
  expect(more).toEqual([]);
  expect(reads.Action).toBe('ssm:GetParameter');
  expect(joined(reads.Resource)).toMatch(
    /^arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter\/cdk-datafold-postgres\/password-rotation\/<DatafoldAccessPassword\w+\[6\]>$/,
  );
  const { DependsOn } = only(template, 'AWS::SecretsManager::RotationSchedule');
  for (const action of ['ssm:GetParameter', 'secretsmanager:UpdateSecretVersionStage', 'sns:Publish'])
    expect(DependsOn).toContain(statements.find(({ Action }) => [Action].flat().includes(action))!.id);
});

test('a name that would make the settings a reference to another parameter is refused at synth', () => {
  const stack = newStack();
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    roleName: '{{ssm:role}}',
    rotatePassword: {},
  });
  expect(() => Template.fromStack(stack)).toThrow(
    '`rotatePassword` can not be combined with `{{` in the name of a role or database: Systems Manager takes no such value. Rename it or leave out `rotatePassword`',
  );
});

test('settings that Systems Manager does not take are refused at synth, with the way out', () => {
  const stack = newStack();
  const { access } = datafold(stack, {});
  for (let count = 1; count <= 80; count++)
    new DataSource(stack, `Source${count}`, { databaseName: 'app', access });
  expect(() => Template.fromStack(stack)).toThrow(
    /`rotatePassword` does not fit what Systems Manager takes: the settings of the rotation have at least \S+ characters, 8,192 at most\. Shorten `caCertificate` to the one authority that is needed, or define some of the data sources in another stack/,
  );
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
  const { Value } = only(Template.fromStack(shared), 'AWS::SSM::Parameter').Properties as { Value: unknown };
  expect(JSON.parse(joined(Value))).toMatchObject({ dataSourceSecretArns: [] });
  const { Properties } = only(Template.fromStack(own), 'AWS::Events::Rule');
  expect(Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
  expect(JSON.stringify(Properties)).toContain('passwordSecretArn');
});

test.each([Duration.hours(12), Duration.days(1001)])('refuses every %j', (every) => {
  expect(() => datafold(newStack(), { every })).toThrow(
    `  - \`rotatePassword.every\` must be a whole number of days from 1 to 1000, got: ${every.toHumanString()}`,
  );
});
