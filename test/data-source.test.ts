import {
  App,
  aws_iam as iam,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DataSource,
  DatabaseAccess,
  DatafoldPostgres,
  type ICloudWatchLogsUser,
  PostgresServer,
} from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const databases = [{ databaseName: 'app' }];

function datafold(stack: Stack, logsUser: ICloudWatchLogsUser): void {
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases, logsUser });
}

/** The properties of the data source, with the resources that they refer to. */
function sourceIn(stack: Stack): { text: string; keyId?: string } {
  const template = Template.fromStack(stack);
  const [source] = Object.values(template.findResources('Custom::DatafoldDataSource'));
  const [keyId] = Object.keys(template.findResources('Custom::DatafoldAccessKey'));
  return { text: JSON.stringify(source.Properties), keyId };
}

test('is written after the role is there, and the key with its rights', () => {
  const stack = newStack();
  datafold(stack, new CloudWatchLogsUser(stack, 'Reader'));
  const template = Template.fromStack(stack);
  const [{ DependsOn }] = Object.values(template.findResources('Custom::DatafoldDataSource'));
  const needed = [
    'Custom::DatafoldDatabaseAccess',
    'Custom::DatafoldAccessKey',
    'Custom::DatafoldLogsUserGroup',
  ];
  for (const type of needed) expect(DependsOn).toContain(Object.keys(template.findResources(type))[0]);
});

test('has a notice of what it lacks, as an attribute', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  const { dataSources } = new DatafoldPostgres(stack, 'Datafold', { server, databases });
  const [id] = Object.keys(Template.fromStack(stack).findResources('Custom::DatafoldDataSource'));
  expect(stack.resolve(dataSources[0].notice)).toEqual({ 'Fn::GetAtt': [id, 'Notice'] });
});

describe('another key in the same secret', () => {
  test('reaches the data source: its properties name the key', () => {
    const stack = newStack();
    datafold(stack, new CloudWatchLogsUser(stack, 'Reader'));
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('does so under whatever name the user is given', () => {
    const stack = newStack();
    const logsUser = new CloudWatchLogsUser(stack, 'Reader');
    datafold(stack, logsUser);
    (logsUser.user.node.defaultChild as iam.CfnUser).userName = 'corp-datafold';
    const { text, keyId } = sourceIn(stack);
    expect(JSON.parse(text)).toHaveProperty('accessKeyId', { 'Fn::GetAtt': [keyId, 'AccessKeyId'] });
  });

  test('is not looked at in another stack, so that a logs user there exports what it always did', () => {
    const app = new App();
    const logsUsers = new Stack(app, 'Readers');
    const logsUser = new CloudWatchLogsUser(logsUsers, 'Reader');
    const stack = new Stack(app, 'Shop');
    datafold(stack, logsUser);
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
    expect(Object.keys(Template.fromStack(logsUsers).findOutputs('*'))).toEqual([
      expect.stringMatching(/^ExportsOutputRefReaderAccessKeySecret/),
    ]);
  });

  test('is not known of a secret', () => {
    const stack = newStack();
    const { accessKeySecret } = new CloudWatchLogsUser(stack, 'Reader');
    datafold(
      stack,
      CloudWatchLogsUser.fromCloudWatchLogsUserAttributes(stack, 'Import', { accessKeySecret }),
    );
    expect(sourceIn(stack).text).not.toContain('accessKeyId');
  });
});

test('Datafold gets its own address of the server, whose certificate is then for another name', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack), {
    datafoldHost: 'tunnel.example.com',
    datafoldPort: 6543,
  });
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::DatafoldDataSource', {
    host: 'tunnel.example.com',
    port: '6543',
    sslMode: 'verify-ca',
    authorities: 'rds-if-known',
  });
  template.hasResourceProperties('Custom::DatafoldDatabaseAccess', {
    server: Match.objectLike({ port: { 'Fn::GetAtt': Match.anyValue() } }),
  });
  const bad = PostgresServer.auroraCluster(auroraCluster(stack, {}, 'Other'), {
    datafoldHost: 'a b',
    datafoldPort: 0,
  });
  expect(
    () => new DatafoldPostgres(stack, 'Bad', { server: bad, databases: [{ databaseName: 'app' }] }),
  ).toThrow(
    '  - `datafoldHost` must be a host name or an IP address, got: a b\n  - `datafoldPort` must be a port number between 1 and 65535, got: 0',
  );
});

describe('a role of another app', () => {
  const imported = (isRotated?: boolean) => {
    const stack = newStack();
    const server = PostgresServer.rdsInstance(
      rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Server', {
        instanceIdentifier: 'orders',
        instanceEndpointAddress: 'orders.example.com',
        port: 5432,
        securityGroups: [],
      }),
    );
    const passwordSecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Password', 'theirs');
    const noticeTopic = sns.Topic.fromTopicArn(stack, 'People', 'arn:aws:sns:eu-west-1:111122223333:people');
    const access = DatabaseAccess.fromDatabaseAccessAttributes(stack, 'Access', {
      server,
      passwordSecret,
      isRotated,
      noticeTopic,
    });
    return { stack, access };
  };

  test('can have data sources here, without a login of its administrator', () => {
    const { stack, access } = imported();
    new DataSource(stack, 'Data', { access, databaseName: 'app' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::DatafoldDataSource', {
      host: 'orders.example.com',
      user: 'datafold',
      tempSchema: 'datafold_tmp',
    });
    template.resourceCountIs('AWS::Events::Rule', 0);
    template.resourceCountIs('Custom::DatafoldDatabaseAccess', 0);
  });

  test('has its password looked for every hour, where that is replaced', () => {
    const { stack, access } = imported(true);
    new DataSource(stack, 'Data', { access, databaseName: 'app' });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [
        Match.objectLike({
          Input: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('people')])] },
        }),
      ],
    });
  });

  test('proves no lineage, for want of the function that runs a statement as the role', () => {
    const { stack, access } = imported();
    const logsUser = new CloudWatchLogsUser(stack, 'LogsUser');
    expect(
      () => new DataSource(stack, 'Data', { access, databaseName: 'app', logsUser, proveLineage: true }),
    ).toThrow(
      '  - `proveLineage` needs the `access` of the app that set up the role, whose sql-runner runs the statement',
    );
  });

  test('needs the host of its server', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(
      rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier: 'shop' }),
    );
    const passwordSecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Password', 'theirs');
    expect(() =>
      DatabaseAccess.fromDatabaseAccessAttributes(stack, 'Access', { server, passwordSecret }),
    ).toThrow(
      "Test/Access can't be set up:\n  - `host` of the server is missing: RDS is asked for it only where the role is set up. Give it as an option of the PostgresServer",
    );
  });
});
