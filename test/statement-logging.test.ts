import { App, aws_logs as logs, aws_rds as rds, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { LogRetention, PostgresServer, RebootPolicy, SharedParameterGroup, StatementLogging } from '../lib';
import { AURORA, auroraCluster, isolatedVpc, newStack, POSTGRES, rdsInstance } from './support/stacks';

const groups = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBClusterParameterGroup')).map(
    (r) => r.Properties,
  );
const clusterProps = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBCluster'))[0].Properties;

function logOf(cluster: rds.IDatabaseCluster, scope: Construct, props = {}) {
  return new StatementLogging(scope, 'Log', { server: PostgresServer.auroraCluster(cluster), ...props });
}

describe('a cluster of this app', () => {
  test('with a default group gets a new one of the same family', () => {
    const stack = newStack();
    logOf(auroraCluster(stack), stack);
    expect(groups(stack)).toEqual([
      {
        Family: 'aurora-postgresql16',
        Description: 'aurora-postgresql16, with the statement log that Datafold reads',
        Parameters: { log_statement: 'mod' },
      },
    ]);
    expect(clusterProps(stack).DBClusterParameterGroupName).toEqual({
      Ref: expect.stringContaining('DatafoldParameterGroup'),
    });
  });

  test('with a group of this app gets the parameter added to it', () => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', {
      engine: AURORA,
      parameters: { work_mem: '4096' },
    });
    logOf(auroraCluster(stack, { parameterGroup }), stack);
    expect(groups(stack).map((g) => g.Parameters)).toEqual([{ work_mem: '4096', log_statement: 'mod' }]);
  });

  test.each(['ddl', 'none'])('that logs %s logs mod', (value) => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', {
      engine: AURORA,
      parameters: { log_statement: value },
    });
    logOf(auroraCluster(stack, { parameterGroup }), stack);
    expect(groups(stack).map((g) => g.Parameters)).toEqual([{ log_statement: 'mod' }]);
  });

  test('keeps log_statement=all', () => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', {
      engine: AURORA,
      parameters: { log_statement: 'all' },
    });
    logOf(auroraCluster(stack, { parameterGroup }), stack);
    expect(groups(stack).map((g) => g.Parameters)).toEqual([{ log_statement: 'all' }]);
  });

  test('that is made to log all later, by whatever code, is left at it', () => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', { engine: AURORA });
    logOf(auroraCluster(stack, { parameterGroup }), stack);
    parameterGroup.addParameter('log_statement', 'all');
    expect(groups(stack).map((g) => g.Parameters)).toEqual([{ log_statement: 'all' }]);
  });

  test('with a group of its own made from `parameters` gets the parameter added', () => {
    const stack = newStack();
    logOf(auroraCluster(stack, { parameters: { work_mem: '4096' } }), stack);
    expect(groups(stack).map((g) => g.Parameters)).toEqual([{ work_mem: '4096', log_statement: 'mod' }]);
  });

  test('exports its log next to what it exports already', () => {
    const stack = newStack();
    const cluster = auroraCluster(stack);
    (cluster.node.defaultChild as rds.CfnDBCluster).enableCloudwatchLogsExports = ['iam-db-auth-error'];
    logOf(cluster, stack);
    expect(clusterProps(stack).EnableCloudwatchLogsExports).toEqual(['iam-db-auth-error', 'postgresql']);
  });

  test('that exports its log already exports it once', () => {
    const stack = newStack();
    logOf(auroraCluster(stack, { cloudwatchLogsExports: ['postgresql'] }), stack);
    expect(clusterProps(stack).EnableCloudwatchLogsExports).toEqual(['postgresql']);
  });

  test('keeps exports that are only known at synthesis', () => {
    const stack = newStack();
    const cluster = auroraCluster(stack);
    const later = Lazy.list({ produce: () => ['iam-db-auth-error'] });
    (cluster.node.defaultChild as rds.CfnDBCluster).enableCloudwatchLogsExports = later;
    logOf(cluster, stack);
    expect(clusterProps(stack).EnableCloudwatchLogsExports).toEqual(['iam-db-auth-error', 'postgresql']);
  });

  test('of another stack is changed there, without a cyclic reference', () => {
    const app = new App();
    const theirs = new Stack(app, 'Theirs');
    const cluster = auroraCluster(theirs);
    const ours = new Stack(app, 'Ours');
    logOf(cluster, ours);
    app.synth();
    expect(groups(theirs)).toHaveLength(1);
    expect(groups(ours)).toHaveLength(0);
  });

  test('that logs without bind values says so in its group', () => {
    const stack = newStack();
    logOf(auroraCluster(stack), stack, { logBindValues: false });
    expect(groups(stack)[0].Parameters).toEqual({ log_statement: 'mod', log_parameter_max_length: '0' });
  });

  test('whose group another cluster uses brings a warning that names it', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', { engine: AURORA });
    auroraCluster(stack, { vpc, parameterGroup }, 'Other');
    logOf(auroraCluster(stack, { vpc, parameterGroup }), stack);
    Annotations.fromStack(stack).hasWarning(
      '/Test/Log',
      Match.stringLikeRegexp(
        '^The parameter group Test/Group is used by Test/Other too: their statements are logged as well',
      ),
    );
  });

  test('whose group another cluster uses is refused, or changed without a warning, when that is requested', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', { engine: AURORA });
    auroraCluster(stack, { vpc, parameterGroup }, 'Other');
    const cluster = auroraCluster(stack, { vpc, parameterGroup });
    const { REFUSE, MODIFY } = SharedParameterGroup;
    expect(() => logOf(cluster, new Construct(stack, 'Refused'), { sharedParameterGroup: REFUSE })).toThrow(
      "Test/Refused/Log can't be set up:\n" +
        '  - the parameter group of the cluster Test/Cluster is used by Test/Other too, and `sharedParameterGroup` is REFUSE: give it a group of its own, or set MODIFY',
    );
    logOf(cluster, stack, { sharedParameterGroup: MODIFY });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('takes nothing that is for imported servers', () => {
    const stack = newStack();
    const props = {
      rebootPolicy: RebootPolicy.IF_PENDING,
      parameterGroup: rds.ParameterGroup.fromParameterGroupName(stack, 'Theirs', 'theirs'),
      sharedParameterGroup: SharedParameterGroup.COPY,
    };
    expect(() => logOf(auroraCluster(stack), stack, props)).toThrow(
      "Test/Log can't be set up:\n" +
        '  - `rebootPolicy` has no effect on the cluster Test/Cluster, which this app defines: CloudFormation decides; leave it out\n' +
        '  - `parameterGroup` has no effect on the cluster Test/Cluster, which this app defines: its group is known; leave it out\n' +
        '  - `sharedParameterGroup: COPY` has no effect on the cluster Test/Cluster, which this app defines: give it a parameter group of its own there',
    );
  });

  test('whose group is not of this app is refused', () => {
    const stack = newStack();
    const parameterGroup = rds.ParameterGroup.fromParameterGroupName(stack, 'Group', 'made-by-hand');
    const cluster = auroraCluster(stack, { parameterGroup });
    expect(() => logOf(cluster, stack)).toThrow(
      "Test/Log can't be set up:\n" +
        '  - `parameterGroup` of the cluster Test/Cluster must be defined in this app, so that log_statement can be set in it, got: made-by-hand. Two ways out: leave its log alone here (`statementLog: StatementLog.managedElsewhere()` of DatafoldPostgres), where the owner of the group sets log_statement=mod; or have the group changed at deployment, by a StatementLogging for PostgresServer.auroraCluster(DatabaseCluster.fromDatabaseClusterAttributes(…, { clusterIdentifier: cluster.clusterIdentifier }))',
    );
  });
});

describe('an instance of this app', () => {
  const instanceGroups = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBParameterGroup')).map(
      (r) => r.Properties,
    );

  test('without a group gets one of the family of its engine', () => {
    const stack = newStack();
    new StatementLogging(stack, 'Log', { server: PostgresServer.rdsInstance(rdsInstance(stack)) });
    expect(instanceGroups(stack)).toEqual([
      {
        Family: 'postgres16',
        Description: 'postgres16, with the statement log that Datafold reads',
        Parameters: { log_statement: 'mod' },
      },
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBInstance', {
      DBParameterGroupName: { Ref: Match.stringLikeRegexp('DatafoldParameterGroup') },
      EnableCloudwatchLogsExports: ['postgresql'],
    });
  });

  test('with a group of this app gets the parameter added to it', () => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', {
      engine: POSTGRES,
      parameters: { work_mem: '4096' },
    });
    new StatementLogging(stack, 'Log', {
      server: PostgresServer.rdsInstance(rdsInstance(stack, { parameterGroup })),
    });
    expect(instanceGroups(stack).map((g) => g.Parameters)).toEqual([
      { work_mem: '4096', log_statement: 'mod' },
    ]);
  });
});

test('a retention is set by the provisioner, since RDS may make the log group first', () => {
  const stack = newStack();
  logOf(auroraCluster(stack), stack, { logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH) });
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldLogGroup', {
    logGroupName: { 'Fn::Join': ['', ['/aws/rds/cluster/', { Ref: Match.anyValue() }, '/postgresql']] },
    logRetention: '30',
  });
});

test('masks the managed identifiers of AWS, by their ARNs', () => {
  const stack = newStack();
  logOf(auroraCluster(stack), stack, { maskedData: [logs.DataIdentifier.EMAILADDRESS] });
  Template.fromStack(stack).hasResourceProperties('Custom::DatafoldLogGroup', {
    maskedData: [
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':dataprotection::aws:data-identifier/EmailAddress'],
        ],
      },
    ],
  });
});

test("refuses to mask by an identifier of one's own", () => {
  const stack = newStack();
  const maskedData = [new logs.CustomDataIdentifier('Badge', 'B-\\d+')];
  expect(() => logOf(auroraCluster(stack), stack, { maskedData })).toThrow(
    "Test/Log can't be set up:\n  - `maskedData` takes the managed identifiers of AWS only, got a custom one: Badge",
  );
});

test('an endpoint has no statement log to set up', () => {
  const stack = newStack();
  const server = PostgresServer.endpoint({ host: 'db.example.com', adminSecret: undefined! });
  expect(() => new StatementLogging(stack, 'Log', { server })).toThrow(
    "Test/Log can't be set up:\n  - `server` must be an Aurora cluster or an RDS instance: only those export their log",
  );
});
