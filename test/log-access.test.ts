import {
  App,
  CfnParameter,
  aws_logs as logs,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DatafoldPostgres,
  type DatafoldPostgresProps,
  type ICloudWatchLogsUser,
  LogAccess,
  PostgresServer,
} from '../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from './support/stacks';

const databases = [{ databaseName: 'app' }];
const logOf = (cluster: string) => `/aws/rds/cluster/${cluster}/postgresql`;

function imported(stack: Stack, clusterIdentifier: string): PostgresServer {
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Server', { clusterIdentifier });
  return PostgresServer.auroraCluster(cluster, {
    vpc: isolatedVpc(stack, 'ServerVpc'),
    functionSecurityGroups: [],
    adminSecret: new secretsmanager.Secret(stack, 'Admin'),
  });
}

function errorOf(stack: Stack, server: PostgresServer, props: Partial<DatafoldPostgresProps>): string {
  try {
    new DatafoldPostgres(stack, 'Datafold', { server, databases, ...props });
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

function importLogsUser(logAccess: LogAccess, region?: string): ICloudWatchLogsUser {
  const stack = new Stack(new App(), 'Home', { env: region ? { account: '111122223333', region } : {} });
  return new CloudWatchLogsUser(stack, 'Reader', { logAccess });
}

describe('a server', () => {
  test('is refused by the logs user of another one that was narrowed to that', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const { logGroup } = new DatafoldPostgres(stack, 'First', { server, databases });
    const logAccess = LogAccess.logGroups([logGroup!]);
    const logsUser = new CloudWatchLogsUser(stack, 'Narrowed', { logAccess });
    expect(errorOf(stack, PostgresServer.rdsInstance(rdsInstance(stack)), { logsUser })).toBe(
      "Test/Datafold can't be set up:\n" +
        '  - `logsUser` may not read the statement log of the instance Test/Instance: add its log group to the `logAccess` of Test/Narrowed, LogAccess.logGroups([…])',
    );
  });

  test.each([
    ['by a logs user for all', LogAccess.allLogGroups()],
    ['by name', LogAccess.logGroupNames([logOf('sales'), logOf('shop')])],
    ['by pattern', LogAccess.logGroupNames([logOf('*')])],
    [
      'by a name that is known at deployment only',
      LogAccess.logGroupNames([new CfnParameter(newStack(), 'P').valueAsString]),
    ],
  ])('is taken %s', (_, logAccess) => {
    const stack = newStack();
    expect(errorOf(stack, imported(stack, 'shop'), { logsUser: importLogsUser(logAccess) })).toBe('no error');
  });

  test('of this app is known by its name, where it is given one', () => {
    for (const [name, error] of [
      [logOf('shop'), 'no error'],
      [logOf('sales'), expect.stringContaining('may not read the statement log of the cluster Test/Cluster')],
    ]) {
      const stack = newStack();
      const server = PostgresServer.auroraCluster(auroraCluster(stack, { clusterIdentifier: 'Shop' }));
      expect(errorOf(stack, server, { logsUser: importLogsUser(LogAccess.logGroupNames([name])) })).toEqual(
        error,
      );
    }
  });
});

describe('a log group of another region', () => {
  const env = { account: '111122223333', region: 'us-east-1' };
  const arn = `arn:aws:logs:us-east-1:111122223333:log-group:${logOf('shop')}`;

  test('is named by its ARN', () => {
    const stack = newStack('Test', { env });
    const server = imported(stack, 'shop');
    expect(
      errorOf(stack, server, {
        logsUser: importLogsUser(LogAccess.logGroupNames([logOf('shop')]), 'eu-west-1'),
      }),
    ).toBe(
      "Test/Datafold can't be set up:\n" +
        '  - `logsUser` may not read the statement log of the cluster shop: add its log group to the `logAccess` of Home/Reader, LogAccess.logGroups([…]), by its ARN, since it is in us-east-1',
    );
    for (const name of [arn, `${arn}:*`]) {
      const logsUser = importLogsUser(LogAccess.logGroupNames([logOf('sales'), name]), 'eu-west-1');
      expect(errorOf(newStack('Test', { env }), server, { logsUser })).toBe('no error');
    }
  });

  test('is in the policy just as it is named', () => {
    const logsUser = importLogsUser(LogAccess.logGroupNames([logOf('sales'), `${arn}:*`]), 'eu-west-1');
    const [{ Properties }] = Object.values(
      Template.fromStack(Stack.of(logsUser)).findResources('AWS::IAM::ManagedPolicy'),
    );
    const { Statement } = Properties.PolicyDocument as { Statement: { Resource: unknown }[] };
    const sales = {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, `:logs:eu-west-1:111122223333:log-group:${logOf('sales')}`],
      ],
    };
    expect(Statement[1].Resource).toEqual([
      sales,
      expect.objectContaining({ 'Fn::Join': expect.anything() }),
      arn,
      `${arn}:*`,
    ]);
  });
});

describe('a logs user that is made for a server', () => {
  const denied = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy')).flatMap(
      ({ Properties }) =>
        (Properties.PolicyDocument.Statement as { Effect: string; NotResource: unknown[] }[])
          .filter(({ NotResource }) => NotResource !== undefined)
          .flatMap(({ NotResource }) =>
            NotResource.map((arn) => JSON.stringify(arn).replace(/.*log-group:/, '')),
          ),
    );
  const named = (...names: string[]) =>
    names.flatMap((name) => ['', ':*'].map((end) => `${logOf(name)}${end}"]]}`));
  const ALL = ['cluster', 'instance'].flatMap((kind) =>
    ['', ':*'].map((end) => `/aws/rds/${kind}/*/postgresql${end}"]]}`),
  );

  test('reads the log of that server alone', () => {
    const stack = newStack();
    new DatafoldPostgres(stack, 'Datafold', { server: imported(stack, 'shop'), databases });
    expect(denied(stack)).toEqual(named('shop'));
  });

  test('reads those of the other servers of the stack too that use it', () => {
    const stack = newStack();
    const { logsUser } = new DatafoldPostgres(stack, 'Shop', {
      server: imported(stack, 'shop'),
      databases,
    });
    const sales = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Sales', {
      clusterIdentifier: 'sales',
    });
    const server = PostgresServer.auroraCluster(sales, {
      vpc: isolatedVpc(stack, 'SalesVpc'),
      functionSecurityGroups: [],
      adminSecret: new secretsmanager.Secret(stack, 'SalesAdmin'),
    });
    new DatafoldPostgres(stack, 'SalesAccess', { server, databases, logsUser });
    expect(denied(stack)).toEqual(named('shop', 'sales'));
  });

  test('reads the PostgreSQL logs of all servers where one of another stack uses it', () => {
    const stack = newStack();
    const { logsUser } = new DatafoldPostgres(stack, 'Shop', {
      server: imported(stack, 'shop'),
      databases,
    });
    const other = new Stack(stack.node.root as App, 'Other');
    new DatafoldPostgres(other, 'Sales', { server: imported(other, 'sales'), databases, logsUser });
    expect(denied(stack)).toEqual(ALL);
  });
});

test('no log group at all is an error', () => {
  for (const logAccess of [LogAccess.logGroups([]), LogAccess.logGroupNames([])])
    expect(() => new CloudWatchLogsUser(newStack(), 'Reader', { logAccess })).toThrow(
      '  - `logAccess` must name a log group, got an empty list',
    );
});

test('a log group of another region is in the policy by its ARN, one of the region of the user by its name', () => {
  const app = new App();
  const stackIn = (region: string) => new Stack(app, region, { env: { account: '111122223333', region } });
  const [west, east] = [stackIn('eu-west-1'), stackIn('us-east-1')];
  const logGroups = [west, east].map((stack) => logs.LogGroup.fromLogGroupName(stack, 'Log', logOf('shop')));
  new CloudWatchLogsUser(west, 'Reader', { logAccess: LogAccess.logGroups(logGroups) });
  const text = JSON.stringify(Template.fromStack(west).findResources('AWS::IAM::ManagedPolicy'));
  for (const region of ['eu-west-1', 'us-east-1'])
    expect(text).toContain(`:logs:${region}:111122223333:log-group:${logOf('shop')}`);
});
