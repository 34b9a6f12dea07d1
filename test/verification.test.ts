import {
  App,
  aws_cloudwatch as cloudwatch,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  CloudWatchLogsUser,
  DatabaseAccess,
  DatafoldPostgres,
  FailurePolicy,
  LogRetention,
  PostgresServer,
  SqlExecution,
  StatementLog,
  type DatafoldPostgresProps,
} from '../lib';
import { auroraCluster, isolatedVpc, newStack } from './support/stacks';

const ACCESS = 'Custom::DatafoldDatabaseAccess';
const databases = [{ databaseName: 'app' }];

function datafold(stack: Stack, props: Partial<DatafoldPostgresProps> = {}): DatafoldPostgres {
  return new DatafoldPostgres(stack, 'Datafold', {
    server: props.server ?? PostgresServer.auroraCluster(auroraCluster(stack)),
    databases,
    ...props,
  });
}

test('a failed step fails the deployment, and so does a log that StatementLogging turned on without effect', () => {
  const stack = newStack();
  datafold(stack);
  Template.fromStack(stack).hasResourceProperties(ACCESS, {
    onFailedStep: 'fail',
    onNoLineage: 'fail',
    statementLog: { kind: 'cluster', identifier: Match.anyValue(), logGroupName: Match.anyValue() },
  });
});

test('a log that somebody else manages is only reported', () => {
  const stack = newStack();
  datafold(stack, { statementLog: StatementLog.managedElsewhere() });
  Template.fromStack(stack).hasResourceProperties(ACCESS, { onFailedStep: 'fail', onNoLineage: 'warn' });
});

test('what fails can be chosen for both', () => {
  const stack = newStack();
  const { WARN } = FailurePolicy;
  datafold(stack, { verification: { onFailedStep: WARN, onNoLineage: WARN } });
  Template.fromStack(stack).hasResourceProperties(ACCESS, { onFailedStep: 'warn', onNoLineage: 'warn' });
});

test('the provisioner may look at this server and at the names of log groups', () => {
  const stack = newStack();
  datafold(stack);
  const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy');
  const statements = Object.entries(policies)
    .filter(([id]) => id.startsWith('DatafoldAccessRights'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string }[]);
  expect(statements.map(({ Action }) => Action)).toEqual(
    expect.arrayContaining(['rds:DescribeDBClusters', 'logs:DescribeLogGroups']),
  );
});

test('the steps and what can not be read as a whole are outputs only where that is wanted', () => {
  const plain = newStack();
  datafold(plain);
  expect(Template.fromStack(plain).findOutputs('*')).toEqual({});
  const stack = newStack();
  datafold(stack, { verification: { outputs: true } });
  const outputs = Object.values(Template.fromStack(stack).findOutputs('*')).map(
    ({ Value }) => Value['Fn::GetAtt'][1] as string,
  );
  expect(outputs).toEqual([
    'ConnectionStep',
    'TempSchemaStep',
    'SchemaDownloadStep',
    'LineageDownloadStep',
    'Failing',
    'Filtered',
  ]);
});

describe('SQL by a DBA', () => {
  const imported = (stack: Stack) =>
    PostgresServer.auroraCluster(
      rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
        clusterIdentifier: 'shop',
        clusterEndpointAddress: 'shop.example.com',
        port: 5432,
      }),
      { vpc: isolatedVpc(stack), functionSecurityGroups: [] },
    );
  const passwordSecret = (stack: Stack) =>
    secretsmanager.Secret.fromSecretNameV2(stack, 'Given', 'given-by-the-dba');

  test('needs no administrator and makes no password, but all the rest', () => {
    const stack = newStack();
    const sqlBy = SqlExecution.byDba({ passwordSecret: passwordSecret(stack) });
    const made = datafold(stack, { server: imported(stack), sqlBy });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(ACCESS, { manageRole: 'false', adminSecretArn: Match.absent() });
    template.resourceCountIs('AWS::SecretsManager::Secret', 2); // of the access key and of the data source
    template.resourceCountIs('Custom::DatafoldStatementLogging', 1);
    template.resourceCountIs('Custom::DatafoldDataSource', 1);
    template.resourceCountIs('AWS::IAM::User', 1);
    expect(made.access.passwordSecret.secretName).toBe('given-by-the-dba');
  });

  test('without one, the missing administrator is named once', () => {
    const stack = newStack();
    expect(() => datafold(stack, { server: imported(stack) })).toThrow(
      "Test/Datafold can't be set up:\n  - `adminSecret` is missing: the cluster shop knows no secret of its administrator. Give it: PostgresServer.auroraCluster(cluster, { adminSecret })",
    );
  });

  test('nothing can be repaired then', () => {
    const stack = newStack();
    const props = {
      sqlBy: SqlExecution.byDba({ passwordSecret: passwordSecret(stack) }),
      reconcile: { repair: true },
    };
    expect(() => datafold(stack, { server: imported(stack), ...props })).toThrow(
      "Test/Datafold can't be set up:\n  - `reconcile.repair` has no effect with SqlExecution.byDba: leave it out",
    );
  });
});

describe('reconcile', () => {
  const ruleInput = (stack: Stack) => {
    const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    const { Input } = rule.Properties.Targets[0];
    const text = Input['Fn::Join']
      ? (Input['Fn::Join'][1] as unknown[]).map((part) => (typeof part === 'string' ? part : 'x')).join('')
      : Input;
    return { rule: rule.Properties, input: JSON.parse(text as string) };
  };

  test('is off by default', () => {
    const stack = newStack();
    expect(datafold(stack).access.reconciliation).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
  });

  test('sends the provisioner the very properties of the custom resource, once a day, to look only', () => {
    const stack = newStack();
    datafold(stack, { reconcile: {} });
    const { rule, input } = ruleInput(stack);
    expect(rule.ScheduleExpression).toBe('rate(1 day)');
    expect(input).toMatchObject({
      datafoldTask: 'reconcile',
      repair: 'false',
      properties: { roleName: 'datafold', onNoLineage: 'fail' },
    });
    expect([input.statementLogging, input.logGroup]).toEqual([undefined, undefined]);
  });

  test('looks at the user of the same stack that reads the statement log, with the policy that limits it', () => {
    const stack = newStack();
    datafold(stack, { reconcile: {} });
    const { input } = ruleInput(stack);
    expect(input.logsUsers).toEqual([{ userName: 'x', userPolicyArn: 'x' }]);
  });

  test('does not look at a user of another stack', () => {
    const app = new App();
    const logsUser = new CloudWatchLogsUser(new Stack(app, 'Home'), 'Reader');
    const stack = new Stack(app, 'Test');
    datafold(stack, { reconcile: {}, logsUser });
    expect(ruleInput(stack).input.logsUsers).toBeUndefined();
  });

  test('looks at the log group of a server of the app where retention, key or masking are wanted', () => {
    const stack = newStack();
    datafold(stack, {
      reconcile: {},
      statementLog: StatementLog.managed({ logRetention: LogRetention.atLeast(30) }),
    });
    const { input } = ruleInput(stack);
    const [logicalResourceId] = Object.keys(
      Template.fromStack(stack).findResources('Custom::DatafoldLogGroup'),
    );
    expect(input.logGroup).toMatchObject({
      logicalResourceId,
      properties: { logRetention: '30', shortenLogRetention: 'false' },
    });
  });

  test('repairs where that is wanted, the statement log of an imported server included', () => {
    const stack = newStack();
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'shop',
      clusterEndpointAddress: 'shop.example.com',
      port: 5432,
    });
    const adminSecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'admin');
    const server = PostgresServer.auroraCluster(cluster, {
      vpc: isolatedVpc(stack),
      functionSecurityGroups: [],
      adminSecret,
    });
    datafold(stack, { server, reconcile: { every: Duration.hours(6), repair: true } });
    const { rule, input } = ruleInput(stack);
    expect(rule.ScheduleExpression).toBe('rate(6 hours)');
    expect(input).toMatchObject({
      repair: 'true',
      serverName: 'shop',
      statementLogging: {
        logicalResourceId: expect.stringMatching(/^DatafoldStatementLoggingServer/),
        properties: { identifier: 'shop' },
      },
    });
  });

  test.each([
    [Duration.minutes(5), '5 minutes'],
    [Duration.days(2), '2 days'],
  ])('an interval of %s is refused', (every, shown) => {
    expect(() => datafold(newStack(), { reconcile: { every } })).toThrow(
      `Test/Datafold can't be set up:\n  - \`reconcile.every\` must be whole minutes from an hour to a day, got: ${shown}`,
    );
  });

  test('too many names for a rule are reported at synth', () => {
    const stack = newStack();
    const schemas = Array.from({ length: 400 }, (_, i) => `department_${i}_reporting`);
    datafold(stack, { databases: [{ databaseName: 'app', schemas }], reconcile: {} });
    expect(() => Template.fromStack(stack)).toThrow(
      /\[Test\/Datafold\/Access\/Reconciliation\/Rule\] The input of the rule has at least 1\d,\d{3} characters, EventBridge takes 8,192: leave out `schemas` to mean all, exclude some instead, or shorten `caCertificate` to the one authority that is needed/,
    );
  });

  test('alarms for what it finds, and for its own silence', () => {
    const stack = newStack();
    const { access } = datafold(stack, { reconcile: {} });
    const alarms = access.reconciliation!.addAlarms();
    expect(alarms).toHaveLength(3);
    const found = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => {
        const { MetricName, Namespace, Threshold, Period, TreatMissingData } = Properties;
        return { MetricName, Namespace, Threshold, Period, TreatMissingData };
      },
    );
    const day = { Namespace: 'CdkDatafoldPostgres', Threshold: 1, Period: 86400 };
    expect(found).toEqual([
      { MetricName: 'Unreadable', ...day, TreatMissingData: 'notBreaching' },
      { MetricName: 'Drift', ...day, TreatMissingData: 'notBreaching' },
      { MetricName: 'VerificationFailed', ...day, TreatMissingData: 'breaching' },
    ]);
    expect(
      access.reconciliation!.metricReconcileDuration({ statistic: cloudwatch.Stats.AVERAGE }).toMetricConfig()
        .metricStat,
    ).toMatchObject({ metricName: 'ReconcileDuration', statistic: 'Average' });
  });
});

test('DatabaseAccess alone leaves the statement log to others', () => {
  const stack = newStack();
  new DatabaseAccess(stack, 'Access', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases,
  });
  Template.fromStack(stack).hasResourceProperties(ACCESS, { onNoLineage: 'warn' });
});
