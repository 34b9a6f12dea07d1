import {
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  RemovalPolicy,
} from 'aws-cdk-lib';
import { DatabaseAccess, DatafoldPostgres, PostgresServer, SqlExecution, StatementLog } from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

function problemsOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
}

const databases = [{ databaseName: 'app' }];

test('what is wrong with access, log, logs user and data sources is reported at once', () => {
  const stack = newStack();
  const apiKeySecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'datafold');
  const parameterGroup = rds.ParameterGroup.fromParameterGroupName(stack, 'Group', 'theirs');
  const server = PostgresServer.auroraCluster(auroraCluster(stack, { parameterGroup }));
  expect(
    problemsOf(
      () =>
        new DatafoldPostgres(stack, 'Datafold', {
          server,
          databases: [{ databaseName: 'app', dataSourceName: '' }],
          roleName: 'pg_datafold',
          statementLog: StatementLog.managed({ excludedRoles: [''] }),
          registration: { apiKeySecret, host: 'datafold' },
        }),
    ),
  ).toEqual([
    "Test/Datafold can't be set up:",
    '`roleName` must not start with pg_, PostgreSQL keeps that prefix for itself, got: pg_datafold',
    '`databases[0].dataSourceName` must not be empty',
    '`excludedRoles` must not be empty',
    '`parameterGroup` of the cluster Test/Cluster must be defined in this app, so that log_statement can be set in it, got: theirs. Two ways out: leave its log alone here (`statementLog: StatementLog.managedElsewhere()` of DatafoldPostgres), where the owner of the group sets log_statement=mod; or have the group changed at deployment, by a StatementLogging for PostgresServer.auroraCluster(DatabaseCluster.fromDatabaseClusterAttributes(…, { clusterIdentifier: cluster.clusterIdentifier }))',
    '`registration.host` must be a URL such as https://app.datafold.com, without a path, got: datafold',
  ]);
  expect(stack.node.findChild('Datafold').node.children).toEqual([]);
});

describe('what has no effect is refused:', () => {
  test('what is made in the database, where an administrator makes it', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const sqlBy = SqlExecution.byDba({ passwordSecret: new secretsmanager.Secret(stack, 'Password') });
    const idle = {
      adoptExisting: false,
      limits: { connectionLimit: 5 },
      futureTables: false,
      removalPolicy: RemovalPolicy.DESTROY,
      reconcile: { repair: true },
    };
    expect(
      problemsOf(() => new DatafoldPostgres(stack, 'Datafold', { server, databases, sqlBy, ...idle })),
    ).toEqual([
      "Test/Datafold can't be set up:",
      '`adoptExisting` has no effect with SqlExecution.byDba: leave it out',
      '`futureTables` has no effect with SqlExecution.byDba: leave it out',
      '`limits` has no effect with SqlExecution.byDba: leave it out',
      '`removalPolicy` has no effect with SqlExecution.byDba: leave it out',
      '`reconcile.repair` has no effect with SqlExecution.byDba: leave it out',
    ]);
  });

  test('security groups of the server beside those of the function', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const groups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
    const options = { securityGroups: groups, functionSecurityGroups: groups };
    const adminSecret = new secretsmanager.Secret(stack, 'Admin');
    const endpoint = PostgresServer.endpoint({ host: 'db.example.com', adminSecret, vpc, ...options });
    const cluster = PostgresServer.auroraCluster(auroraCluster(stack, { vpc }), options);
    for (const [id, server] of Object.entries({ endpoint, cluster }))
      expect(problemsOf(() => new DatabaseAccess(stack, id, { server, databases }))).toEqual([
        `Test/${id} can't be set up:`,
        '`securityGroups` has no effect beside `functionSecurityGroups`, for which no rule is added: leave out one of the two',
      ]);
  });
});
