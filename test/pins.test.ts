import {
  App,
  aws_ec2 as ec2,
  aws_rds as rds,
  aws_secretsmanager as secretsmanager,
  CfnParameter,
  Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseDatabaseAccess } from '../lib/handler/provisioner/database-access/properties';
import { assertPinned as assertPinnedEvent } from '../lib/handler/provisioner/pinned';
import { pinsOf } from '../lib/handler/provisioner/pins';
import { assertPinned } from '../lib/handler/sql-runner/pinned';
import { CloudWatchLogsUser, DatabaseAccess, DatafoldPostgres, PostgresServer } from '../lib';
import type { SqlRequest } from '../lib/private/wire/sql';
import { launch, type LaunchTemplate } from './template/launch';
import { auroraCluster, isolatedVpc, newStack, PEM } from './support/stacks';

const REGION = 'eu-west-1';
type Resource = { readonly Type: string; readonly Properties: Record<string, never> };

/** What CloudFormation makes of a stack, but for the ARNs of secrets, which `launch` does not know. */
function deploy(stack: Stack, parameters: Record<string, string> = {}): Resource[] {
  const json = Template.fromStack(stack).toJSON() as Partial<LaunchTemplate>;
  const { Parameters = {}, Conditions = {}, Outputs = {}, Resources: all = {} } = json;
  const lookedAt = ({ Type, Properties = {} }: LaunchTemplate['Resources'][string]) => {
    if (Type === 'AWS::Lambda::Function') return { Environment: Properties.Environment };
    return Type.startsWith('Custom::') ? Properties : {};
  };
  const Resources = Object.fromEntries(
    Object.entries(all).map(([id, one]) => [id, { Type: one.Type, Properties: lookedAt(one) }]),
  );
  const template: LaunchTemplate = { ...json, Parameters, Conditions, Outputs, Resources };
  const text = JSON.stringify(template, (_key, value: unknown) => {
    const { Ref: id, 'Fn::GetAtt': [, attribute] = [] } = (value ?? {}) as {
      readonly Ref?: string;
      readonly 'Fn::GetAtt'?: readonly string[];
    };
    if (attribute === 'Endpoint.Port') return '5432';
    const isSecret = id !== undefined && /^AWS::SecretsManager/.test(template.Resources[id]?.Type ?? '');
    return isSecret
      ? `arn:aws:secretsmanager:${REGION}:111111111111:secret:${id}-QRPIhDRhKrHJ-AbCdEf`
      : value;
  });
  const { resources } = launch(JSON.parse(text) as LaunchTemplate, parameters, REGION);
  return Object.values(resources) as Resource[];
}

/** The environment of the function with this variable. */
function environmentWith(resources: Resource[], variable: string): Record<string, string> {
  const environments = resources
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties.Environment as { Variables: Record<string, string> }).Variables);
  return environments.find((one) => variable in one)!;
}

/** That functions and custom resources, deployed with the same template, agree. */
function assertAgreed(resources: Resource[]): void {
  const pins = pinsOf({ ...environmentWith(resources, 'DATAFOLD_HOSTS'), AWS_REGION: REGION });
  const servers = JSON.parse(environmentWith(resources, 'DATAFOLD_SERVERS').DATAFOLD_SERVERS) as string[];
  const ours = resources.filter(({ Type }) => Type.startsWith('Custom::Datafold'));
  const isRotated = resources.some(({ Type }) => Type === 'AWS::SecretsManager::RotationSchedule');
  expect(ours.length).toBeGreaterThan(2);
  for (const { Type, Properties } of ours) {
    const ids = { requestType: 'Create', stackId: pins.stack, resourceType: Type } as const;
    const event = { ...ids, responseUrl: '', requestId: '', logicalResourceId: '', properties: Properties };
    expect(() => assertPinnedEvent({ ...event, oldProperties: undefined }, pins)).not.toThrow();
    if (Type !== 'Custom::DatafoldDatabaseAccess') continue;
    const { server, adminSecret, access, passwordSecret } = parseDatabaseAccess(Properties);
    const { at, ...address } = server;
    const where = 'host' in at ? { host: at.host } : { host: `${at.lookup.identifier}.x`, lookup: at.lookup };
    const login = { user: 'a', password: 'b', secret: adminSecret };
    const request = { operation: 'apply', server: { ...address, ...where }, admin: login, access };
    expect(() => assertPinned(request as SqlRequest, servers)).not.toThrow();
    const { roleName } = access;
    const rotate = (secret: string) => () =>
      assertPinned(
        { ...request, operation: 'set-password', roleName, passwordSecret: secret } as unknown as SqlRequest,
        servers,
      );
    if (isRotated) expect(rotate(passwordSecret)).not.toThrow();
    else expect(rotate(passwordSecret)).toThrow(/^The sql-runner was not deployed for this set-password/);
    expect(rotate(passwordSecret.replace(':secret:', ':secret:x'))).toThrow(
      /^The sql-runner was not deployed/,
    );
    const elsewhere = { ...request, server: { ...request.server, host: 'attacker.example' } };
    expect(() => assertPinned(elsewhere as SqlRequest, servers)).toThrow(
      /^The sql-runner was not deployed for/,
    );
  }
}

const databases = [{ databaseName: 'app' }, { databaseName: 'dwh' }];
const registration = (stack: Stack) => ({ apiKeySecret: new secretsmanager.Secret(stack, 'ApiKey') });

describe('the functions take the events of their own template, and no others', () => {
  test('for a cluster of the app, whose host only CloudFormation knows', () => {
    const stack = newStack();
    const server = PostgresServer.auroraCluster(auroraCluster(stack));
    const statementLog = { rotatePassword: {}, proveLineage: true, registration: registration(stack) };
    new DatafoldPostgres(stack, 'Datafold', { server, databases, ...statementLog });
    assertAgreed(deploy(stack));
  });

  test('for an existing cluster, of which RDS is asked for the host', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Orders', {
      clusterIdentifier: 'Orders',
    });
    const adminSecret = secretsmanager.Secret.fromSecretNameV2(stack, 'Admin', 'orders/admin');
    const securityGroups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
    const server = PostgresServer.auroraCluster(cluster, { vpc, securityGroups, adminSecret });
    new DatafoldPostgres(stack, 'Datafold', { server, databases });
    assertAgreed(deploy(stack));
  });

  test.each(['Db.Example', 'db.example'])('for an endpoint that is a parameter: %s', (host) => {
    const stack = newStack();
    const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
    const server = PostgresServer.endpoint({
      host: parameter('Host'),
      adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', parameter('Secret')),
      caCertificate: parameter('Ca'),
      vpc: isolatedVpc(stack),
      securityGroups: [],
    });
    new DatafoldPostgres(stack, 'Datafold', { server, databases, rotatePassword: {} });
    const Secret = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:given-AbCdEf';
    assertAgreed(deploy(stack, { Host: host, Secret, Ca: PEM }));
  });
});

test('what is known at synth is a hash, whatever its length, and in no other form', () => {
  const stack = newStack();
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-admin-AbCdEf';
  const server = PostgresServer.endpoint({
    host: 'DB.example',
    adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', arn),
    caCertificate: PEM.repeat(2),
    vpc: isolatedVpc(stack),
    securityGroups: [],
  });
  new DatafoldPostgres(stack, 'Datafold', { server, databases });
  const { DATAFOLD_SERVERS: text } = environmentWith(deploy(stack), 'DATAFOLD_SERVERS');
  expect(JSON.parse(text)).toEqual([expect.stringMatching(/^#.{22}$/), expect.stringMatching(/^#.{22}$/)]);
  assertAgreed(deploy(stack));
});

test('one server may wait for another: no function waits for what waits for it', () => {
  const stack = newStack();
  const vpc = isolatedVpc(stack);
  const logsUser = new CloudWatchLogsUser(stack, 'Reader');
  const parts = ['One', 'Two'].map((id) => {
    const cluster = auroraCluster(stack, { vpc }, id);
    const server = PostgresServer.auroraCluster(cluster);
    const datafold = new DatafoldPostgres(stack, `Datafold${id}`, { server, databases, logsUser });
    return { cluster, datafold };
  });
  parts[1].cluster.node.addDependency(parts[0].datafold);
  parts[1].datafold.node.addDependency(parts[0].datafold);
  expect(() => Template.fromStack(stack)).not.toThrow(); // it looks for cycles
});

describe('four kilobytes of environment', () => {
  const stackOf = (servers: number) => {
    const stack = new Stack(new App(), 'Datafold', { env: { account: '111122223333', region: REGION } });
    const vpc = isolatedVpc(stack);
    const securityGroups = [new ec2.SecurityGroup(stack, 'Group', { vpc })];
    for (let i = 0; i < servers; i++) {
      const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-${i}-admin-AbCdEf`;
      const adminSecret = secretsmanager.Secret.fromSecretCompleteArn(stack, `Admin${i}`, arn);
      const host = `orders-${i}.a-long-name.of-some-server.example`;
      const server = PostgresServer.endpoint({ host, adminSecret, vpc, securityGroups });
      new DatabaseAccess(stack, `Orders${i}`, { server, databases });
    }
    return stack;
  };
  const problemsOf = (stack: Stack) =>
    stack.node
      .findAll()
      .flatMap((one) => one.node.validate())
      .filter((one) => one.includes('bytes'));

  test('hold 60 servers that are known at synth', () => {
    expect(problemsOf(stackOf(60))).toEqual([]);
  });

  test('that are not enough are an error at synth, not in mid-deployment', () => {
    expect(problemsOf(stackOf(90))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^The servers of one network have at least [\d,]+ bytes in the environment of the function, Lambda takes 4,096: set up some of them in another stack$/,
        ),
      ]),
    );
  });
});
