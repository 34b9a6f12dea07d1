import {
  aws_lambda as lambda,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DatafoldPostgres, PostgresServer, StatementLogging } from '../lib';
import { auroraCluster, newStack, rdsInstance } from './support/stacks';

const warning = (paths: string) =>
  `${paths} may write passwords into the statement log: the rotation functions of AWS send ALTER USER … PASSWORD in clear text, which log_statement=mod logs and Datafold reads. Name the role that the rotation logs in as in \`excludedRoles\`, or rotate with a function that sends a SCRAM-SHA-256 verifier [ack: cdk-datafold-postgres:passwordsInLog]`;

function warningsOf(stack: Stack): string[] {
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('passwordsInLog'));
  return found.map(({ id, entry }) => `${id} ${String(entry.data)}`);
}

const log = (stack: Stack, server: PostgresServer) => new StatementLogging(stack, 'Log', { server });

test('the rotation of AWS for the master user brings a warning', () => {
  const stack = newStack();
  const cluster = auroraCluster(stack);
  log(stack, PostgresServer.auroraCluster(cluster));
  cluster.addRotationSingleUser(); // later than the log
  expect(warningsOf(stack)).toEqual([
    `/Test/Log ${warning('Test/Cluster/Secret/Attachment/RotationSchedule, Test/Cluster/RotationSingleUser')}`,
  ]);
});

test('so does that for another user, whose secret lies elsewhere', () => {
  const stack = newStack();
  const instance = rdsInstance(stack);
  const secret = new rds.DatabaseSecret(stack, 'Etl', { username: 'etl', masterSecret: instance.secret });
  instance.addRotationMultiUser('Etl', { secret: secret.attach(instance) });
  log(stack, PostgresServer.rdsInstance(instance));
  expect(warningsOf(stack)).toEqual([`/Test/Log ${warning('Test/Instance/Etl')}`]);
});

test('so does a rotation of the secret itself, of an imported server too', () => {
  const stack = newStack();
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Shop', {
    clusterIdentifier: 'shop',
  });
  const adminSecret = new secretsmanager.Secret(stack, 'Admin');
  const rotationLambda = lambda.Function.fromFunctionName(stack, 'Function', 'rotate');
  adminSecret.addRotationSchedule('Rotation', { rotationLambda });
  log(stack, PostgresServer.auroraCluster(cluster, { adminSecret }));
  expect(warningsOf(stack)).toEqual([`/Test/Log ${warning('Test/Admin/Rotation')}`]);
});

test('the rotation of this library does not', () => {
  const stack = newStack();
  const server = PostgresServer.auroraCluster(auroraCluster(stack));
  new DatafoldPostgres(stack, 'Datafold', {
    server,
    databases: [{ databaseName: 'app' }],
    rotatePassword: {},
  });
  expect(warningsOf(stack)).toEqual([]);
});
