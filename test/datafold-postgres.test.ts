import {
  App,
  aws_iam as iam,
  aws_logs as logs,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatafoldPostgres, LogRetention, PostgresServer, StatementLog } from '../lib';
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
      functions: { revision },
      verification: { proveLineage: true },
      registration: { apiKeySecret },
      statementLog: StatementLog.managed({
        logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH),
        excludedRoles: ['etl'],
      }),
      rotatePassword: {},
    });
    return Template.fromStack(stack).toJSON().Resources as Record<string, CfnPart>;
  };
  const [before, after] = [templateWith(), templateWith('2')];
  const custom = Object.keys(before).filter((id) => before[id].Type.startsWith('Custom::'));
  expect(custom).toHaveLength(8);
  for (const id of custom) after[id] = { ...after[id], Properties: { ...after[id].Properties } };
  expect(custom.map((id) => after[id].Properties.revision)).toEqual(custom.map(() => '2'));
  for (const id of custom) delete after[id].Properties.revision;
  expect(after).toEqual(before);
});

test('the user reads the log group of the server alone', () => {
  const stack = newStack();
  fourLines(stack);
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
  const datafold = fourLines(stack, { statementLog: StatementLog.managedElsewhere() });
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
  const endpoint = (stack: Stack) =>
    PostgresServer.endpoint({
      host: 'db.example.com',
      adminSecret: new secretsmanager.Secret(stack, 'Admin'),
    });
  const logsUser = (stack: Stack) => new CloudWatchLogsUser(stack, 'Shared');

  expect(
    errorOf(endpoint, (stack) => ({
      statementLog: StatementLog.managed({ excludedRoles: ['etl'] }),
      logsUser: logsUser(stack),
    })),
  ).toEqual([
    '  - `statementLog` has no effect on an endpoint, whose log is not in CloudWatch: leave it out',
    '  - `logsUser` has no effect on an endpoint, whose log is not in CloudWatch: leave it out',
  ]);
});

test('who asks for a metric that nothing publishes is told what to switch on', () => {
  const stack = newStack();
  const datafold = fourLines(stack, { statementLog: StatementLog.managedElsewhere() });
  expect(() => datafold.metricIngestedBytes()).toThrow(
    '`metricIngestedBytes` needs a statement log that this library manages',
  );
  expect(() => datafold.metricDrift()).toThrow('`metricDrift` needs a reconciliation: give `reconcile`');
});

test('metrics, grants and the network end are at hand on the construct itself', () => {
  const stack = newStack();
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }],
    reconcile: {},
  });
  const metrics = [
    datafold.metricIngestedBytes(),
    datafold.metricUnreadable(),
    datafold.metricDrift(),
    datafold.metricVerificationFailed(),
    datafold.metricTaskFailed(),
  ];
  expect(metrics.map(({ metricName }) => metricName)).toEqual([
    'IncomingBytes',
    'Unreadable',
    'Drift',
    'VerificationFailed',
    'TaskFailed',
  ]);
  expect(datafold.connections).toBe(datafold.access.connections);
  expect(datafold.dataSource('dwh')).toBe(datafold.dataSources[1]);
  expect(() => datafold.dataSource('crm')).toThrow(
    "Test/Datafold can't be set up:\n  - `dataSource` must be asked for one of `databases` (app, dwh), got: crm",
  );
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  datafold.grantReadDataSources(role).assertSuccess();
  datafold.grantReadPassword(role).assertSuccess();
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Resource: ['AccessPassword', 'DataSourcesapp', 'DataSourcesdwh'].map((secret) => ({
            Ref: Match.stringLikeRegexp(secret),
          })),
        }),
      ],
    },
    Roles: [{ Ref: Match.stringLikeRegexp('^Role') }],
  });
});
