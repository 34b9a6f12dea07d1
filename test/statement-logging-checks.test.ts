import {
  Annotations as CdkAnnotations,
  App,
  aws_events_targets as targets,
  aws_logs as logs,
  aws_rds as rds,
  aws_sns as sns,
  type Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { DatafoldPostgres, PostgresServer, StatementLog, StatementLogging } from '../lib';
import { AURORA, auroraCluster, newStack, rdsInstance } from './support/stacks';

function logOf(cluster: rds.IDatabaseCluster, scope: Construct) {
  return new StatementLogging(scope, 'Log', { server: PostgresServer.auroraCluster(cluster) });
}

describe('a group that is not of this app', () => {
  const clusterWithTheirs = (stack: Stack) =>
    auroraCluster(stack, {
      parameterGroup: rds.ParameterGroup.fromParameterGroupName(stack, 'Group', 'made-by-hand'),
    });

  test('is left alone with StatementLog.managedElsewhere(), as the message says', () => {
    const stack = newStack();
    new DatafoldPostgres(stack, 'Datafold', {
      server: PostgresServer.auroraCluster(clusterWithTheirs(stack)),
      databases: [{ databaseName: 'app' }],
      statementLog: StatementLog.managedElsewhere(),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', {
      DBClusterParameterGroupName: 'made-by-hand',
      EnableCloudwatchLogsExports: Match.absent(),
    });
    Template.fromStack(stack).resourceCountIs('Custom::DatafoldStatementLogging', 0);
  });

  test('is changed at deployment through a reference to the cluster, as the message says', () => {
    const stack = newStack();
    const { clusterIdentifier } = clusterWithTheirs(stack);
    const reference = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Ref', { clusterIdentifier });
    const logging = new StatementLogging(stack, 'Log', { server: PostgresServer.auroraCluster(reference) });
    Template.fromStack(stack).hasResourceProperties('Custom::DatafoldStatementLogging', {
      kind: 'cluster',
      identifier: stack.resolve(clusterIdentifier) as object,
    });
    expect(stack.resolve(logging.logGroup.logGroupName)).toEqual({
      'Fn::Join': ['', ['/aws/rds/cluster/', stack.resolve(clusterIdentifier), '/postgresql']],
    });
  });

  test('of an instance is changed at deployment through a reference to it', () => {
    const stack = newStack();
    const parameterGroup = rds.ParameterGroup.fromParameterGroupName(stack, 'Group', 'made-by-hand');
    const instance = rdsInstance(stack, { parameterGroup });
    expect(
      () => new StatementLogging(stack, 'Refused', { server: PostgresServer.rdsInstance(instance) }),
    ).toThrow(
      'or have the group changed at deployment, by a StatementLogging for PostgresServer.rdsInstance(DatabaseInstance.fromDatabaseInstanceAttributes(…, { instanceIdentifier: instance.instanceIdentifier, … }))',
    );
    const reference = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Ref', {
      instanceIdentifier: instance.instanceIdentifier,
      instanceEndpointAddress: instance.dbInstanceEndpointAddress,
      port: 5432,
      securityGroups: [],
    });
    new StatementLogging(stack, 'Log', { server: PostgresServer.rdsInstance(reference) });
    Template.fromStack(stack).resourceCountIs('Custom::DatafoldStatementLogging', 1);
  });
});

describe('an instance-level group of this app on an instance of the cluster', () => {
  const withGroup = (parameters: Record<string, string>) => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'InstanceGroup', { engine: AURORA, parameters });
    logOf(
      auroraCluster(stack, { writer: rds.ClusterInstance.serverlessV2('writer', { parameterGroup }) }),
      stack,
    );
    return () => App.of(stack)!.synth();
  };

  test.each(['none', 'ddl'])(
    'that sets log_statement=%s is refused: it wins over the group of the cluster',
    (value) => {
      expect(withGroup({ log_statement: value })).toThrow(
        `[Test/Log] the parameter group Test/InstanceGroup of the instance Test/Cluster/writer sets log_statement=${value}, which wins over the parameter group of the cluster: Datafold derives no lineage from what that instance runs. Leave log_statement out there, or set it to mod`,
      );
    },
  );

  test.each<Record<string, string>>([
    { log_statement: 'mod' },
    { log_statement: 'all' },
    { work_mem: '4096' },
  ])('that is %j is fine', (parameters) => expect(withGroup(parameters)).not.toThrow());
});

describe('a log group of this app for the log of the server', () => {
  const withClass = (logGroupClass?: string, name = (id: string) => `/aws/rds/cluster/${id}/postgresql`) => {
    const stack = newStack();
    const cluster = auroraCluster(stack);
    new logs.CfnLogGroup(stack, 'Group', { logGroupName: name(cluster.clusterIdentifier), logGroupClass });
    logOf(cluster, stack);
    return () => App.of(stack)!.synth();
  };

  test.each(['INFREQUENT_ACCESS', 'ESSENTIALS', 'DELIVERY'])('of the class %s is refused', (of) => {
    expect(withClass(of)).toThrow(
      `[Test/Log] Datafold can't read the log group Test/Group: its class is ${of}, and FilterLogEvents works in the class STANDARD only. Leave \`logGroupClass\` out there. CloudFormation makes the group anew for that: export what you still need of it before`,
    );
  });

  test.each([undefined, 'STANDARD'])('of the class %s is fine', (of) => {
    expect(withClass(of)).not.toThrow();
  });

  test('is no matter where it is for another log', () => {
    expect(withClass('INFREQUENT_ACCESS', () => '/aws/lambda/other')).not.toThrow();
  });

  test('is found by the name that the app gives the cluster', () => {
    const stack = newStack();
    logOf(auroraCluster(stack, { clusterIdentifier: 'Shop' }), stack);
    new logs.LogGroup(stack, 'Group', {
      logGroupName: '/aws/rds/cluster/shop/postgresql',
      logGroupClass: logs.LogGroupClass.INFREQUENT_ACCESS,
    });
    expect(() => App.of(stack)!.synth()).toThrow("Datafold can't read the log group Test/Group");
  });
});

describe('another parameter group, which takes a reboot where the server exists', () => {
  const warnings = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => entry.data);

  test('brings a warning that can be acknowledged: a cluster', () => {
    const stack = newStack();
    logOf(auroraCluster(stack), stack);
    expect(warnings(stack)).toEqual([
      "The cluster Test/Cluster gets a parameter group of its own in place of AWS's default one. If the cluster exists already, CloudFormation reboots all its instances at once during this deployment. To choose the time, give it a `parameterGroup` of its own first and deploy that at a quiet time: log_statement then changes without a reboot (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/existing-server.md#choose-the-time-of-the-reboot). A new cluster is made with the group: acknowledge this warning [ack: cdk-datafold-postgres:newParameterGroup]",
    ]);
    const acknowledged = newStack();
    const cluster = auroraCluster(acknowledged);
    CdkAnnotations.of(acknowledged).acknowledgeWarning('cdk-datafold-postgres:newParameterGroup');
    logOf(cluster, acknowledged);
    expect(warnings(acknowledged)).toEqual([]);
  });

  test('brings none where the cluster has a group of its own', () => {
    const stack = newStack();
    const parameterGroup = new rds.ParameterGroup(stack, 'Group', { engine: AURORA });
    logOf(auroraCluster(stack, { parameterGroup }), stack);
    expect(warnings(stack)).toEqual([]);
  });
});

describe('log files that Aurora deletes before they are published', () => {
  const EventID = ['RDS-EVENT-0610', 'RDS-EVENT-0611'];

  test('bring a notification by a rule for the instances of the cluster', () => {
    const stack = newStack();
    const cluster = auroraCluster(stack);
    const topic = new sns.Topic(stack, 'Topic');
    logOf(cluster, stack).onLogFilesDeleted('Lost', { target: new targets.SnsTopic(topic) });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.rds'],
        detail: {
          EventID,
          SourceIdentifier: [
            ...[cluster.clusterIdentifier, ...cluster.instanceIdentifiers],
            ...[
              `rds:${cluster.clusterIdentifier}`,
              ...cluster.instanceIdentifiers.map((one) => `rds:${one}`),
            ],
          ].map((name) => stack.resolve(name) as object),
        },
      },
      Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) as object })],
    });
  });

  test('are looked for on all instances where the app does not know those of the cluster', () => {
    const stack = newStack();
    const imported = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
      clusterIdentifier: 'shop',
    });
    logOf(imported, stack).onLogFilesDeleted('Lost');
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.rds'], detail: { EventID, SourceIdentifier: Match.absent() } },
    });
  });
});
