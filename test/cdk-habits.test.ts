import * as cdk from 'aws-cdk-lib';
import {
  App,
  Aspects,
  aws_logs as logs,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  RemovalPolicy,
  type Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addFleet } from '../bin/fleet/add-fleet';
import { JsonFile } from '../bin/fleet/json-file';
import { parseFleet } from '../bin/fleet/read-fleet';
import { CloudWatchLogsUser, DatafoldPostgres, LogRetention, PostgresServer, StatementLog } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

/** All that the library can make for a cluster of the app. */
function everything(): Stack {
  const stack = newStack();
  const noticeTopic = new sns.Topic(stack, 'Notices');
  new DatafoldPostgres(stack, 'Datafold', {
    server: PostgresServer.auroraCluster(auroraCluster(stack)),
    databases: [{ databaseName: 'app' }],
    statementLog: StatementLog.managed({
      logRetention: LogRetention.atLeast(30),
      excludedRoles: ['etl'],
    }),
    verification: { proveLineage: true },
    registration: { apiKeySecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Key', 'datafold') },
    logsUser: new CloudWatchLogsUser(stack, 'LogsUser', { rotateAccessKey: { noticeTopic } }),
    rotatePassword: { noticeTopic },
    reconcile: {},
  });
  return stack;
}

/** A fleet with a stack for the logs user, on which the stack of its server depends. */
function fleet(): App {
  const [cluster, adminSecret] = ['orders', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:a-AbCdEf'];
  const network = { vpc: 'vpc-01234567', subnets: ['subnet-01234567'], securityGroup: 'sg-01234567' };
  const servers = [{ cluster, adminSecret, databases: ['app'], ...network }];
  const text = JSON.stringify({ accounts: { '111111111111': { regions: { 'eu-west-1': { servers } } } } });
  const app = new App();
  addFleet(app, parseFleet(new JsonFile('fleet.json', text)));
  return app;
}

/** First: the CDK says of each thing once that it is deprecated. */
test('nothing that the CDK calls deprecated is used', () => {
  process.env.JSII_DEPRECATED = 'fail';
  try {
    expect(() => Template.fromStack(everything())).not.toThrow();
    expect(() => fleet().synth()).not.toThrow();
  } finally {
    delete process.env.JSII_DEPRECATED;
  }
});

/** In the newest CDK. */
const { MissingRemovalPolicies, RemovalPolicies } = cdk as {
  MissingRemovalPolicies?: { of(scope: Stack): { retain(): void } };
  RemovalPolicies?: { of(scope: Stack): { retain(of: { applyToResourceTypes: string[] }): void } };
};

test('a custom resource is deleted with its stack, whatever policy others are given', () => {
  const stack = everything();
  MissingRemovalPolicies?.of(stack).retain();
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;
  };
  const custom = Object.values(Resources).filter(({ Type }) => Type.startsWith('Custom::'));
  expect(custom).toHaveLength(8);
  for (const { DeletionPolicy, UpdateReplacePolicy } of custom)
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Delete', 'Delete']);
});

describe('the logs of both functions are deleted with the stack', () => {
  const policies = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).map((group) => [
      group.DeletionPolicy,
      group.UpdateReplacePolicy,
    ]);

  test('as all else is', () => {
    expect(policies(everything())).toEqual([
      ['Delete', 'Delete'],
      ['Delete', 'Delete'],
    ]);
  });

  const keeps: [string, (stack: Stack) => void][] = [
    [
      'an aspect',
      (stack) =>
        Aspects.of(stack).add({
          visit(one) {
            if (one instanceof logs.CfnLogGroup) one.applyRemovalPolicy(RemovalPolicy.RETAIN);
          },
        }),
    ],
  ];
  if (RemovalPolicies)
    keeps.push([
      'RemovalPolicies',
      (stack) => RemovalPolicies.of(stack).retain({ applyToResourceTypes: ['AWS::Logs::LogGroup'] }),
    ]);

  test.each(keeps)('unless %s says otherwise', (_, keep) => {
    const stack = everything();
    keep(stack);
    expect(policies(stack)).toEqual([
      ['Retain', 'Retain'],
      ['Retain', 'Retain'],
    ]);
  });
});
