import { aws_kms as kms } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

test('the failure of any scheduled task of a stack can be looked at and sets off an alarm', () => {
  const stack = newStack();
  const datafold = new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    logsUser: new CloudWatchLogsUser(stack, 'LogsUser', { rotateAccessKey: {} }),
    rotatePassword: {},
  });
  datafold.addTaskAlarm();
  const Provisioner = { Ref: expect.stringMatching(/^DatafoldProvisionerFunction/) };
  expect(stack.resolve(datafold.access.metricPasswordRotationFailed().dimensions)).toEqual({
    Provisioner,
    Task: 'rotate-password',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'CdkDatafoldPostgres',
    MetricName: 'TaskFailed',
    Dimensions: [
      { Name: 'Provisioner', Value: { Ref: Match.stringLikeRegexp('^DatafoldProvisionerFunction') } },
    ],
    Statistic: 'Maximum',
    Period: 3600,
    Threshold: 1,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('the secret of the access key names its KMS key, so that another one has its journal written again', () => {
  const stack = newStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  new CloudWatchLogsUser(stack, 'Reader', { encryptionKey });
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldAccessKey', {
    secretKeyArn: stack.resolve(encryptionKey.keyArn),
  });
});

test('the metrics of a reconciliation take no role name with other characters than ASCII', () => {
  const define = (reconcile: object | undefined) => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const databases = [{ databaseName: 'app' }];
    new DatafoldPostgres(stack, 'Datafold', { server, databases, roleName: 'datafold_ö', reconcile });
  };
  expect(() => define({})).toThrow(
    "Test/Datafold can't be set up:\n  - `reconcile` has metrics with the name of the role, for which CloudWatch takes ASCII characters only: choose another `roleName` or leave out `reconcile`, got: datafold_ö",
  );
  expect(() => define(undefined)).not.toThrow();
});
