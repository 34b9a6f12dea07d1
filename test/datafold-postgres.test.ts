import {
  App,
  aws_iam as iam,
  aws_logs as logs,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatafoldPostgres, LogAccess, PostgresServer } from '../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from './support/stacks';

const databases = [{ databaseName: 'app' }];
interface CfnPart {
  readonly Type: string;
  readonly Properties: { revision?: string };
}

function fourLines(stack: Stack, props: object = {}) {
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  return new DatafoldPostgres(stack, 'Datafold', { server, databases, ...props });
}

const sources = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('Custom::DatafoldDataSource')).map(
    (r) => r.Properties,
  );

test('four lines make a data source with a log group and a key', () => {
  const stack = newStack();
  fourLines(stack);
  expect(sources(stack)[0]).toMatchObject({
    type: 'postgres_aurora',
    name: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Cluster/) }, '/app']] },
    tempSchema: 'datafold_tmp',
    user: 'datafold',
    databaseName: 'app',
    sslMode: 'verify-full',
    authorities: 'rds-if-known',
    region: { Ref: 'AWS::Region' },
    logGroupName: {
      'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: expect.stringMatching(/^Cluster/) }, '/postgresql']],
    },
    accessKeySecretArn: { Ref: expect.stringMatching(/^DatafoldLogsUser/) },
  });
});

test('every database gets a data source of its own', () => {
  const stack = newStack();
  fourLines(stack, {
    databases: [{ databaseName: 'app' }, { databaseName: 'dwh', dataSourceName: 'Warehouse' }],
  });
  expect(sources(stack).map((s) => s.databaseName)).toEqual(['app', 'dwh']);
  expect(sources(stack)[1].name).toBe('Warehouse');
  Template.fromStack(stack).resourceCountIs('Custom::DatafoldDatabaseAccess', 1);
});

test('an instance makes a data source of its type', () => {
  const stack = newStack();
  const server = PostgresServer.rdsInstance(rdsInstance(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  expect(sources(stack)[0].type).toBe('postgres_aws_rds');
});

test('another revision changes every custom resource, and nothing else', () => {
  const templateWith = (revision?: string) => {
    const stack = newStack();
    const apiKeySecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'datafold');
    fourLines(stack, {
      revision,
      proveLineage: true,
      registration: { apiKeySecret },
      logRetention: logs.RetentionDays.ONE_MONTH,
      excludedRoles: ['etl'],
      rotatePassword: {},
    });
    return Template.fromStack(stack).toJSON().Resources as Record<string, CfnPart>;
  };
  const [before, after] = [templateWith(), templateWith('2')];
  const custom = Object.keys(before).filter((id) => before[id].Type.startsWith('Custom::'));
  expect(custom).toHaveLength(9);
  for (const id of custom) after[id] = { ...after[id], Properties: { ...after[id].Properties } };
  expect(custom.map((id) => after[id].Properties.revision)).toEqual(custom.map(() => '2'));
  for (const id of custom) delete after[id].Properties.revision;
  expect(after).toEqual(before);
});

test('the single log group is that of the server', () => {
  const stack = newStack();
  fourLines(stack, { logAccess: LogAccess.singleLogGroup() });
  const ofServer = [':log-group:/aws/rds/cluster/', { Ref: Match.stringLikeRegexp('^Cluster') }];
  const arn = (end: string) => ({ 'Fn::Join': ['', Match.arrayWith([...ofServer, end])] });
  const log = [arn('/postgresql'), arn('/postgresql:*')];
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', NotAction: Match.anyValue() }),
        Match.objectLike({ Effect: 'Allow', Resource: log }),
        Match.objectLike({ Effect: 'Allow', Resource: '*' }),
        Match.objectLike({ Effect: 'Deny', NotResource: log }),
      ],
    },
  });
});

test('one logs user serves servers of two stacks', () => {
  const app = new App();
  const shared = new CloudWatchLogsUser(new Stack(app, 'Shared'), 'Reader');
  for (const id of ['A', 'B']) fourLines(new Stack(app, id), { logsUser: shared });
  const users = app
    .synth()
    .stacks.flatMap((s) => Object.values<{ Type: string }>(s.template.Resources))
    .filter((r) => r.Type === 'AWS::IAM::User');
  expect(users).toHaveLength(1);
});

test('a further server of the app costs 15 more resources: 6 of them are a sql-runner of its own, which knows that server alone', () => {
  const count = (servers: number) => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const logsUser = new CloudWatchLogsUser(stack, 'Reader');
    for (let i = 0; i < servers; i++) {
      const server = PostgresServer.auroraCluster(auroraCluster(stack, { vpc }, `Db${i}`));
      new DatafoldPostgres(stack, `Datafold${i}`, { server, databases, logsUser });
    }
    const resources = Object.keys(Template.fromStack(stack).toJSON().Resources);
    return resources.filter((id) => !/^Db\d/.test(id) || id.includes('DatafoldParameterGroup')).length;
  };
  expect(count(3) - count(2)).toBe(15);
});

test('the role is verified after its server logs its statements', () => {
  const stack = newStack();
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Shop', {
    clusterIdentifier: 'shop',
  });
  const server = PostgresServer.auroraCluster(cluster, {
    ...{ vpc: isolatedVpc(stack), functionSecurityGroups: [] },
    adminSecret: new secretsmanager.Secret(stack, 'Admin'),
  });
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  const template = Template.fromStack(stack);
  const [logging] = Object.keys(template.findResources('Custom::DatafoldStatementLogging'));
  template.hasResource('Custom::DatafoldDatabaseAccess', { DependsOn: Match.arrayWith([logging]) });
  // And once more when an instance that waited for a reboot has had it, whatever else stays as it is.
  template.hasResourceProperties('Custom::DatafoldDatabaseAccess', {
    pendingReboot: { 'Fn::GetAtt': [logging, 'PendingReboot'] },
  });
});

test('statement logging can be left to somebody else', () => {
  const stack = newStack();
  const datafold = fourLines(stack, { statementLogging: false });
  expect(datafold.statementLogging).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::RDS::DBClusterParameterGroup', 0);
});

test('whoever is granted the data source may read it', () => {
  const stack = newStack();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  fourLines(stack).dataSources[0].grantRead(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
          Resource: { Ref: Match.stringLikeRegexp('^DatafoldDataSourcesappSecret') },
        },
      ],
    },
  });
});

test('props that would have no effect are refused', () => {
  const errorOf = (server: (stack: Stack) => PostgresServer, props: (stack: Stack) => object) => {
    const stack = newStack();
    try {
      new DatafoldPostgres(stack, 'Datafold', { server: server(stack), databases, ...props(stack) });
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
    return [];
  };
  const cluster = (stack: Stack) => PostgresServer.auroraCluster(auroraCluster(stack));
  const endpoint = (stack: Stack) =>
    PostgresServer.endpoint({
      host: 'db.example.com',
      adminSecret: new secretsmanager.Secret(stack, 'Admin'),
    });
  const logsUser = (stack: Stack) => new CloudWatchLogsUser(stack, 'Shared');

  expect(
    errorOf(cluster, (stack) => ({
      logsUser: logsUser(stack),
      logAccess: LogAccess.singleLogGroup(),
      rotateAccessKey: {},
    })),
  ).toEqual([
    '  - `logAccess` belongs to the `logsUser` that is given: move it there',
    '  - `rotateAccessKey` belongs to the `logsUser` that is given: move it there',
  ]);
  expect(
    errorOf(cluster, () => ({ statementLogging: false, logBindValues: false, excludedRoles: ['etl'] })),
  ).toEqual([
    '  - `logBindValues` has no effect with `statementLogging: false`: leave out one of the two',
    '  - `excludedRoles` has no effect with `statementLogging: false`: leave out one of the two',
  ]);
  expect(
    errorOf(endpoint, (stack) => ({
      statementLogging: true,
      excludedRoles: ['etl'],
      logsUser: logsUser(stack),
    })),
  ).toEqual([
    '  - `statementLogging` has no effect on an endpoint, whose log is not in CloudWatch: leave it out',
    '  - `excludedRoles` has no effect on an endpoint, whose log is not in CloudWatch: leave it out',
    '  - `logsUser` has no effect on an endpoint, which has no access key: leave it out',
  ]);
});
