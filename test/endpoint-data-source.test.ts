import { aws_secretsmanager as secretsmanager, type Stack } from 'aws-cdk-lib';
import { Annotations, Template } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer, SslMode } from '../lib';
import { auroraCluster, newStack, PEM } from './support/stacks';

const databases = [{ databaseName: 'app' }];

const source = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('Custom::DatafoldDataSource'))[0]!
    .Properties as object;

test('an endpoint has no key, no log group, and says that there will be no lineage', () => {
  const stack = newStack();
  const server = PostgresServer.endpoint({
    host: 'db.example.com',
    adminSecret: new secretsmanager.Secret(stack, 'Admin'),
  });
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  Annotations.fromStack(stack).hasWarning(
    '/Test/Datafold',
    'The statement log of an endpoint is not in CloudWatch: Datafold reads its tables but derives no column-level lineage [ack: cdk-datafold-postgres:noLineage]',
  );
  Template.fromStack(stack).resourceCountIs('AWS::IAM::User', 0);
  expect(Object.keys(source(stack))).toEqual([
    'ServiceToken',
    'secretArn',
    'passwordSecretArn',
    'type',
    'name',
    'tempSchema',
    'host',
    'port',
    'user',
    'databaseName',
    'sslMode',
  ]);
});

test('a server with certificates of its own is verified by Datafold too', () => {
  const stack = newStack();
  const adminSecret = new secretsmanager.Secret(stack, 'Admin');
  const server = PostgresServer.endpoint({ host: 'db.example.com', adminSecret, caCertificate: PEM });
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  expect(source(stack)).toMatchObject({ sslMode: SslMode.VERIFY_FULL, rootCertificate: PEM });
});

test('a server of RDS is verified by Datafold too, with the authorities of RDS', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  expect(source(stack)).toMatchObject({ sslMode: SslMode.VERIFY_FULL, authorities: 'rds-if-known' });
});

test('a server of RDS of which the certificate is not to be checked brings no certificates', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', { server, databases, sslMode: SslMode.REQUIRE });
  expect(source(stack)).toMatchObject({ sslMode: SslMode.REQUIRE });
  expect(Object.keys(source(stack))).not.toContain('authorities');
});

test('a server of RDS with certificates of its own keeps them', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack), { caCertificate: PEM });
  new DatafoldPostgres(stack, 'Datafold', { server, databases, sslMode: SslMode.VERIFY_CA });
  expect(source(stack)).toMatchObject({ sslMode: SslMode.VERIFY_CA, rootCertificate: PEM });
  expect(Object.keys(source(stack))).not.toContain('authorities');
});
