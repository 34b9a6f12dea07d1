import { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DataSource, DatabaseAccess, DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

test('nothing is proved without being asked for', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }] });
  Template.fromStack(stack).resourceCountIs('Custom::DatafoldLineageProof', 0);
});

test('proves each data source after its secret is written, and registers it only then', () => {
  const stack = newStack();
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    verification: { proveLineage: true },
    registration: { apiKeySecret: new secretsmanager.Secret(stack, 'ApiKey') },
  });
  const template = Template.fromStack(stack);
  const only = (type: string) => Object.entries(template.findResources(type))[0]!;
  const [proofId, proof] = only('Custom::DatafoldLineageProof');
  const [, access] = only('Custom::DatafoldDatabaseAccess');
  const { sqlRunner, server, statementLog } = access.Properties;
  expect(proof.Properties).toEqual({
    ServiceToken: access.Properties.ServiceToken,
    sqlRunner,
    server,
    statementLog,
    dataSourceSecretArn: { Ref: expect.stringMatching(/^DatafoldDataSourcesappSecret/) },
  });
  expect(proof.DependsOn).toContain(only('Custom::DatafoldDataSource')[0]);
  expect(only('Custom::DatafoldRegistration')[1].DependsOn).toContain(proofId);
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'rds:DescribeDBClusters' })]) },
  });
});

test('a key that works from some addresses only does not prove anything: the provisioner may read the log itself', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  const databases = [{ databaseName: 'app' }];
  const logsUser = new CloudWatchLogsUser(stack, 'LogsUser', { sourceIps: ['23.23.71.47/32'] });
  new DatafoldPostgres(stack, 'Datafold', {
    server,
    databases,
    verification: { proveLineage: true },
    logsUser,
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('Custom::DatafoldLineageProof', { keyHasSourceIps: 'true' });
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'logs:FilterLogEvents',
          Resource: [
            { 'Fn::Join': ['', Match.arrayWith(['/postgresql'])] },
            { 'Fn::Join': ['', Match.arrayWith(['/postgresql:*'])] },
          ],
        }),
      ]),
    },
  });
});

test('says what a proof needs', () => {
  const stack = newStack();
  const databases = [{ databaseName: 'app' }];
  const adminSecret = new secretsmanager.Secret(stack, 'Admin');
  const endpoint = PostgresServer.endpoint({ host: 'db.example', adminSecret, vpc: isolatedVpc(stack) });
  expect(
    () =>
      new DatafoldPostgres(stack, 'Endpoint', {
        server: endpoint,
        databases,
        verification: { proveLineage: true },
      }),
  ).toThrow(
    '  - `proveLineage` needs a server whose log is in CloudWatch: an Aurora cluster or an RDS instance',
  );
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  const access = new DatabaseAccess(stack, 'Access', { server, databases });
  const props = { access, databaseName: 'app', proveLineage: true };
  expect(() => new DataSource(stack, 'Connection', props)).toThrow(
    '  - `proveLineage` needs a `logsUser`, whose key reads the statement log',
  );
});
