import { aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer, StatementLog, StatementLogging } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

const exclusions = { excludedRoles: ['etl'], excludedDatabases: ['staging'] };

test('exclusions are made by the function in the network of the server, with the secret of the admin', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new StatementLogging(stack, 'Log', { server, ...exclusions });
  Template.fromStack(stack).hasResource('Custom::DatafoldLogExclusions', {
    Properties: {
      sqlRunner: { Ref: Match.stringLikeRegexp('^DatafoldSqlRunner') },
      server: { port: { 'Fn::GetAtt': Match.anyValue() }, tls: 'verify-full' },
      adminSecretArn: { Ref: Match.anyValue() },
      maintenanceDatabase: 'postgres',
      excludedRoles: ['etl'],
      excludedDatabases: ['staging'],
    },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Clusterwriter')]),
  });
});

test('exclusions are made in the maintenance database, where that is another one', () => {
  const stack = newStack();
  const maintenanceDatabase = 'admin';
  const server = PostgresServer.auroraCluster(auroraCluster(stack), { maintenanceDatabase });
  new StatementLogging(stack, 'Log', { server, ...exclusions });
  const databases = [{ databaseName: 'app' }];
  new DatafoldPostgres(stack, 'Datafold', {
    server,
    databases,
    statementLog: StatementLog.managed(exclusions),
  });
  Template.fromStack(stack).allResourcesProperties('Custom::DatafoldLogExclusions', { maintenanceDatabase });
});

test('exclusions are not there by default, and neither is the function', () => {
  const stack = newStack();
  new StatementLogging(stack, 'Log', { server: PostgresServer.auroraCluster(shop(stack)) });
  Template.fromStack(stack).resourceCountIs('Custom::DatafoldLogExclusions', 0);
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
});

test('exclusions need a login and names that can be', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(shop(stack), { maintenanceDatabase: 'template0' });
  const names = { excludedRoles: ['rdsadmin'], excludedDatabases: [''] };
  expect(() => new StatementLogging(stack, 'Log', { server, ...names })).toThrow(
    [
      "Test/Log can't be set up:",
      '  - `maintenanceDatabase` must be a database that the admin may connect to, got: template0',
      '  - `adminSecret` is missing: the cluster shop knows no secret of its administrator. Give it: PostgresServer.auroraCluster(cluster, { adminSecret })',
      '  - `vpc` is missing: the cluster shop was imported and knows no VPC. Give it: PostgresServer.auroraCluster(cluster, { vpc })',
      '  - `securityGroups` is missing: the cluster shop was imported without security groups, so no rule could let the function in. Give it: PostgresServer.auroraCluster(cluster, { securityGroups })',
      '  - `excludedRoles` must not be one of public, none, rdsadmin, rds_superuser, rds_replication, rds_iam, rds_password, got: rdsadmin',
      '  - `excludedDatabases` must not be empty',
    ].join('\n'),
  );
});

function shop(stack: Stack): rds.IDatabaseCluster {
  return rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', { clusterIdentifier: 'Shop' });
}
