import {
  aws_s3 as s3,
  aws_secretsmanager as secretsmanager,
  aws_ssm as ssm,
  CfnCondition,
  type CfnResource,
  Fn,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, DatafoldPostgres, PostgresServer } from '../lib';
import { auroraCluster, newStack } from './support/stacks';

type Resources = Record<string, { Type: string; DependsOn?: string | string[]; Properties?: object }>;

function datafold(stack: Stack, id: string, more: object = {}): DatafoldPostgres {
  const apiKeySecret = new secretsmanager.Secret(stack, `ApiKey${id}`);
  return new DatafoldPostgres(stack, id, {
    server: PostgresServer.auroraCluster(auroraCluster(stack, {}, `Cluster${id}`)),
    databases: [{ databaseName: 'app' }, { databaseName: 'shop' }],
    registration: { apiKeySecret },
    verification: { proveLineage: true },
    ...more,
  });
}

/** Every resource that must be there before this one; fails where there is a circle. */
function before(stack: Stack, isWanted: (id: string) => boolean): string[] {
  const resources = Template.fromStack(stack).toJSON().Resources as Resources;
  const needs = (id: string) => {
    const words = new Set(JSON.stringify(resources[id]).match(/[A-Za-z0-9]+/g));
    return Object.keys(resources).filter((one) => one !== id && words.has(one));
  };
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const one of needs(id)) if (!found.has(one)) visit((found.add(one), one));
  };
  Object.keys(resources).filter(isWanted).forEach(visit);
  return [...found].sort();
}

const registrationsOf = (stack: Stack) =>
  Object.keys(Template.fromStack(stack).findResources('Custom::DatafoldRegistration'));
const others = (stack: Stack, ...except: string[]) =>
  Object.entries(Template.fromStack(stack).toJSON().Resources as Resources)
    .filter(([id, { Type }]) => Type !== 'Custom::DatafoldRegistration' && !except.includes(id))
    .map(([id]) => id)
    .sort();

test('a registration waits for all else in its stack: proofs of siblings, rotations, resources of the app', () => {
  const stack = newStack();
  const { logsUser } = datafold(stack, 'One', {
    logsUser: new CloudWatchLogsUser(stack, 'LogsUser', { rotateAccessKey: {} }),
    rotatePassword: {},
  });
  datafold(stack, 'Two', { logsUser });
  new s3.Bucket(stack, 'Bucket');
  const all = registrationsOf(stack);
  expect(all).toHaveLength(4);
  for (const one of all) expect(before(stack, (id) => id === one)).toEqual(others(stack));
});

test('what uses the id of a data source comes after its registration, and so does what needs that', () => {
  const stack = newStack();
  const { dataSources } = datafold(stack, 'One');
  const parameter = new ssm.StringParameter(stack, 'Id', { stringValue: dataSources[0].dataSourceId! });
  const bucket = new s3.Bucket(stack, 'Bucket');
  bucket.node.addDependency(parameter);
  const ids = [parameter, bucket].map(
    ({ node }) => stack.resolve((node.defaultChild as CfnResource).logicalId) as string,
  );
  for (const one of registrationsOf(stack))
    expect(before(stack, (id) => id === one)).toEqual(others(stack, ...ids));
  expect(before(stack, (id) => id === ids[1])).toEqual(
    expect.arrayContaining([ids[0], ...registrationsOf(stack).filter((id) => id.includes('app'))]),
  );
});

test('a construct that waits for another one still has its proofs before its registrations', () => {
  const stack = newStack();
  const first = datafold(stack, 'First');
  datafold(stack, 'Second', { logsUser: first.logsUser }).node.addDependency(first);
  const proofs = Object.keys(Template.fromStack(stack).findResources('Custom::DatafoldLineageProof'));
  expect(proofs).toHaveLength(4);
  for (const one of registrationsOf(stack).filter((id) => id.startsWith('Second')))
    expect(before(stack, (id) => id === one)).toEqual(expect.arrayContaining(proofs));
});

test('registrations that need each other by way of other resources do not become a circle', () => {
  const stack = newStack();
  const one = datafold(stack, 'One');
  const two = datafold(stack, 'Two', { logsUser: one.logsUser });
  const afterOne = new ssm.StringParameter(stack, 'AfterOne', {
    stringValue: one.dataSources[0].dataSourceId!,
  });
  two.dataSources[1].node.addDependency(afterOne);
  const proofs = Object.keys(Template.fromStack(stack).findResources('Custom::DatafoldLineageProof'));
  const second = registrationsOf(stack).filter((id) => id.startsWith('Two') && id.includes('shop'));
  expect(before(stack, (id) => id === second[0])).toEqual(expect.arrayContaining(proofs));
});

test('a nested stack that uses the id of a data source comes after its registration', () => {
  const stack = newStack();
  const { dataSources } = datafold(stack, 'One');
  const nested = new NestedStack(stack, 'Nested');
  new ssm.StringParameter(nested, 'Id', { stringValue: dataSources[0].dataSourceId! });
  const needsNested = new s3.Bucket(stack, 'Bucket');
  needsNested.node.addDependency(nested);
  const bucket = stack.resolve((needsNested.node.defaultChild as CfnResource).logicalId) as string;
  const [used] = registrationsOf(stack).filter((id) => id.includes('app'));
  expect(before(stack, (id) => id === bucket)).toContain(used);
});

test('a registration waits for no resource that a condition may leave out, and for none of another stack', () => {
  const stack = newStack();
  datafold(stack, 'One');
  const bucket = new s3.CfnBucket(stack, 'Maybe');
  bucket.cfnOptions.condition = new CfnCondition(stack, 'Never', {
    expression: Fn.conditionEquals('a', 'b'),
  });
  new s3.Bucket(new Stack(stack, 'Other'), 'Elsewhere');
  expect(before(stack, (id) => registrationsOf(stack).includes(id))).not.toContain('Maybe');
});

test('a stack without registrations is as it was', () => {
  const stack = newStack();
  datafold(stack, 'One', { registration: undefined });
  Template.fromStack(stack).resourceCountIs('AWS::CloudFormation::WaitConditionHandle', 0);
});
