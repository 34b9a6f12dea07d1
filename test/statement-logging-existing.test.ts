import { aws_iam as iam, aws_logs as logs, aws_rds as rds, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  LogRetention,
  PostgresServer,
  RebootPolicy,
  SharedParameterGroup,
  StatementLogging,
  type StatementLoggingOptions,
} from '../lib';
import { auroraCluster, newStack } from './support/stacks';

function logCluster(stack: Stack, options: StatementLoggingOptions = {}, instanceIdentifiers?: string[]) {
  const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
    clusterIdentifier: 'Shop',
    instanceIdentifiers,
  });
  return new StatementLogging(stack, 'Log', { server: PostgresServer.auroraCluster(cluster), ...options });
}

function logInstance(stack: Stack, options: StatementLoggingOptions = {}) {
  const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'shop',
    instanceEndpointAddress: 'shop.abc.us-east-1.rds.amazonaws.com',
    port: 5432,
    securityGroups: [],
  });
  return new StatementLogging(stack, 'Log', { server: PostgresServer.rdsInstance(instance), ...options });
}

const propertiesOf = (stack: Stack) => {
  const found = Template.fromStack(stack).findResources('Custom::DatafoldStatementLogging');
  const properties = { ...(Object.values(found)[0]!.Properties as Record<string, unknown>) };
  delete properties.ServiceToken;
  return properties;
};

/** What the provisioner may do in RDS: each action with the ends of the ARNs. */
function rightsIn(stack: Stack): Record<string, string[]> {
  const rights: Record<string, string[]> = {};
  const template = Template.fromStack(stack);
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.values(template.findResources(type)),
  );
  for (const policy of policies) {
    const { Statement } = policy.Properties.PolicyDocument as { Statement: iam.PolicyStatementProps[] };
    for (const { Action, Resource } of Statement as unknown as { Action: string; Resource: unknown }[])
      for (const action of [Action].flat())
        if (action.startsWith('rds:'))
          rights[action] = [...(rights[action] ?? []), ...[Resource].flat().map((one) => endOf(one))].sort();
  }
  return rights;
}

function endOf(arn: unknown): string {
  const text = JSON.stringify(arn);
  const [, end] = /:((?:db|cluster|pg|cluster-pg):[^"]*)"/.exec(text) ?? [];
  return end ?? text;
}

describe('a server that is imported', () => {
  test('needs nothing but its identifier', () => {
    const stack = newStack();
    expect(logCluster(stack).logGroup.logGroupName).toBe('/aws/rds/cluster/shop/postgresql');
    expect(propertiesOf(stack)).toEqual({
      kind: 'cluster',
      identifier: 'shop',
      newGroupName: expect.stringMatching(/^datafold-[a-z0-9]+(-[a-z0-9]+)*$/) as string,
      sharedParameterGroup: 'refuse',
      rebootPolicy: 'never',
      logBindValues: 'true',
      shortenLogRetention: 'false',
      maskedData: [],
    });
  });

  test('an instance is asked for as one', () => {
    const stack = newStack();
    expect(logInstance(stack).logGroup.logGroupName).toBe('/aws/rds/instance/shop/postgresql');
    expect(propertiesOf(stack)).toMatchObject({ kind: 'instance', identifier: 'shop' });
  });

  test('hands over what the user wants', () => {
    const stack = newStack();
    logCluster(stack, {
      sharedParameterGroup: SharedParameterGroup.COPY,
      rebootPolicy: RebootPolicy.IF_PENDING,
      logBindValues: false,
      logRetention: LogRetention.exactly(logs.RetentionDays.ONE_MONTH),
      maskedData: [logs.DataIdentifier.EMAILADDRESS],
    });
    expect(propertiesOf(stack)).toMatchObject({
      sharedParameterGroup: 'copy',
      rebootPolicy: 'if-pending',
      logBindValues: 'false',
      logRetention: '30',
      shortenLogRetention: 'true',
      maskedData: [expect.anything()],
    });
  });

  test('tells what was found by attributes', () => {
    const stack = newStack();
    const logging = logCluster(stack);
    const { notices, pendingReboot, parameterGroupName } = logging;
    expect(stack.resolve({ notices, pendingReboot, parameterGroupName })).toEqual({
      notices: { 'Fn::GetAtt': [expect.stringContaining('Log'), 'Notices'] },
      pendingReboot: { 'Fn::GetAtt': [expect.stringContaining('Log'), 'PendingReboot'] },
      parameterGroupName: { 'Fn::GetAtt': [expect.stringContaining('Log'), 'ParameterGroupName'] },
    });
  });

  test('an engine that is not PostgreSQL is refused', () => {
    const stack = newStack();
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'shop',
      engine: rds.DatabaseClusterEngine.AURORA_MYSQL,
    });
    expect(
      () => new StatementLogging(stack, 'Log', { server: PostgresServer.auroraCluster(cluster) }),
    ).toThrow(
      "Test/Log can't be set up:\n  - `cluster` of PostgresServer.auroraCluster must run aurora-postgresql, got: aurora-mysql",
    );
  });
});

describe('the provisioner', () => {
  test('may change this cluster and its groups, nothing else, and reboots nothing', () => {
    const stack = newStack();
    logCluster(stack);
    expect(rightsIn(stack)).toEqual({
      'rds:DescribeDBClusters': ['cluster:*'],
      'rds:DescribeDBInstances': ['db:*'],
      'rds:DescribeDBClusterParameterGroups': ['cluster-pg:*'],
      'rds:DescribeDBClusterParameters': ['cluster-pg:*'],
      'rds:DescribeDBParameters': ['pg:*'],
      'rds:ModifyDBCluster': ['cluster-pg:*', 'cluster:shop'],
      'rds:ModifyDBClusterParameterGroup': ['cluster-pg:*'],
      'rds:ResetDBClusterParameterGroup': ['cluster-pg:*'],
      'rds:CreateDBClusterParameterGroup': ['cluster-pg:datafold-*'],
      'rds:DeleteDBClusterParameterGroup': ['cluster-pg:datafold-*'],
      'rds:AddTagsToResource': ['cluster-pg:datafold-*', 'cluster:shop'],
      'rds:RemoveTagsFromResource': ['cluster-pg:datafold-*', 'cluster:shop'],
      'rds:ListTagsForResource': ['cluster-pg:datafold-*', 'cluster:shop'],
    });
  });

  test('may copy a group only where it may have to: where that is wanted, or only a parameter says', () => {
    const copies = (sharedParameterGroup?: SharedParameterGroup) => {
      const stack = newStack();
      logCluster(stack, { sharedParameterGroup });
      return rightsIn(stack)['rds:CopyDBClusterParameterGroup'];
    };
    const { COPY, MODIFY, REFUSE } = SharedParameterGroup;
    expect([undefined, MODIFY, REFUSE].map(copies)).toEqual([undefined, undefined, undefined]);
    expect(copies(COPY)).toEqual(['cluster-pg:*']);
    expect(copies(Lazy.string({ produce: () => 'x' }) as SharedParameterGroup)).toEqual(['cluster-pg:*']);
  });

  test('gets what servers need alike once, for as long as one of them is there', () => {
    const stack = newStack();
    for (const id of ['One', 'Two']) {
      const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, `${id}Server`, {
        clusterIdentifier: id,
      });
      new StatementLogging(stack, id, { server: PostgresServer.auroraCluster(cluster) });
    }
    const template = Template.fromStack(stack);
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const shared = policies.filter(([id]) => id.includes('ClustersPolicy'));
    expect(shared).toHaveLength(1);
    const [[sharedId, { DependsOn }]] = shared as [[string, { DependsOn: string[] }]];
    expect(DependsOn).toEqual(
      policies
        .map(([id]) => id)
        .filter((id) => /^(One|Two)/.test(id))
        .sort(),
    );
    for (const log of Object.values(template.findResources('Custom::DatafoldStatementLogging')))
      expect(log.DependsOn).toContain(sharedId);
  });

  const groupIn = (stack: Stack) => rds.ParameterGroup.fromParameterGroupName(stack, 'Group', 'shop-group');

  test('may change one group only where that is named', () => {
    const stack = newStack();
    logCluster(stack, { parameterGroup: groupIn(stack) });
    const groups = ['cluster-pg:datafold-*', 'cluster-pg:shop-group'];
    const rights = rightsIn(stack);
    expect(rights).toMatchObject({
      'rds:ModifyDBCluster': [...groups, 'cluster-pg:default.*', 'cluster:shop'].sort(),
      'rds:ModifyDBClusterParameterGroup': groups,
      'rds:ResetDBClusterParameterGroup': groups,
    });
    expect(rights).not.toHaveProperty(['rds:CopyDBClusterParameterGroup']);
  });

  test('may change and delete a group that another stack made and left to this one, also where one is named', () => {
    const stack = newStack();
    logCluster(stack, { parameterGroup: groupIn(stack), sharedParameterGroup: SharedParameterGroup.COPY });
    for (const verb of ['Modify', 'Reset', 'Copy', 'Delete'])
      expect(rightsIn(stack)[`rds:${verb}DBClusterParameterGroup`]).toContain('cluster-pg:datafold-*');
    expect(String(propertiesOf(stack).newGroupName)).toMatch(/^datafold-/);
  });

  test('may reboot only where that is wanted, and only these instances where they are known', () => {
    const [any, known, single] = [newStack(), newStack(), newStack()];
    const rebootPolicy = RebootPolicy.IF_PENDING;
    logCluster(any, { rebootPolicy });
    logCluster(known, { rebootPolicy }, ['one', 'two']);
    logInstance(single, { rebootPolicy });
    expect(rightsIn(any)['rds:RebootDBInstance']).toEqual(['db:*']);
    expect(rightsIn(known)['rds:RebootDBInstance']).toEqual(['db:one', 'db:two']);
    expect(rightsIn(single)['rds:RebootDBInstance']).toEqual(['db:shop']);
  });

  test('may change this instance and its groups, nothing else', () => {
    const stack = newStack();
    logInstance(stack);
    expect(rightsIn(stack)).toEqual({
      'rds:DescribeDBInstances': ['db:*'],
      'rds:DescribeDBParameterGroups': ['pg:*'],
      'rds:DescribeDBParameters': ['pg:*'],
      'rds:ModifyDBInstance': ['db:shop', 'pg:*'],
      'rds:ModifyDBParameterGroup': ['pg:*'],
      'rds:ResetDBParameterGroup': ['pg:*'],
      'rds:CreateDBParameterGroup': ['pg:datafold-*'],
      'rds:DeleteDBParameterGroup': ['pg:datafold-*'],
      'rds:AddTagsToResource': ['db:shop', 'pg:datafold-*'],
      'rds:RemoveTagsFromResource': ['db:shop', 'pg:datafold-*'],
      'rds:ListTagsForResource': ['db:shop', 'pg:datafold-*'],
    });
  });
});

describe('an alarm on ingested bytes', () => {
  test('is raised by one hour above the threshold', () => {
    const stack = newStack();
    logCluster(stack).addIngestedBytesAlarm('Growth', { threshold: Size.gibibytes(2) });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Logs',
      MetricName: 'IncomingBytes',
      Dimensions: [{ Name: 'LogGroupName', Value: '/aws/rds/cluster/shop/postgresql' }],
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 1,
      Threshold: 2 * 1024 ** 3,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmDescription: 'The statement log /aws/rds/cluster/shop/postgresql grows faster than expected',
      AlarmActions: Match.absent(),
    });
  });

  test('is there for a server of this app too, which has no notices', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const logging = new StatementLogging(stack, 'Log', { server });
    logging.addIngestedBytesAlarm('Growth', { threshold: Size.mebibytes(1), evaluationPeriods: 3 });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 1);
    const { notices, pendingReboot, parameterGroupName } = logging;
    expect({ notices, pendingReboot, parameterGroupName }).toEqual({});
  });
});
