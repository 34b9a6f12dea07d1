import type { ResourceType } from '../../../../../lib/private/wire/resources';
import { PROPERTIES as ACCESS, setUpAccess } from '../../support/access';
import {
  PROPERTIES as KEY,
  SECRET as KEY_SECRET,
  setUpAccessKey,
  USER,
  USER_POLICY,
} from '../../support/access-key';
import { publicInstance } from '../../support/fake-networks';
import { StackResource } from '../../support/stack';
import { TestEnvironment } from '../../support/test-environment';
import { Account } from '../../statement-logging/account';
import { FAMILY, properties as logging } from '../../statement-logging/decision-table';
import { Setting, SOURCE } from '../../registration/setting';

const GROUP = '/aws/rds/cluster/shop/postgresql';
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;
const SERVER = { host: ACCESS.server.host!, port: '5432', tls: 'verify-full' } as const;
const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;

/** A resource of a type in a world of its own, its properties, and other ones that it is changed to. */
export interface Prepared {
  readonly environment: TestEnvironment;
  readonly resource: StackResource<object>;
  readonly properties: object;
  readonly changed: object;
  /** What Datafold was asked to change. */
  readonly asked?: () => readonly string[];
  readonly stop: () => Promise<void>;
}

type Prepare = () => Promise<Prepared>;

/** Every type: one that is added is tested too. */
export const TYPES: Readonly<Record<ResourceType, Prepare>> = {
  'Custom::DatafoldDatabaseAccess': async () =>
    inEnvironment(async (environment) => {
      const { resource } = setUpAccess(environment);
      environment.rds.describe(CLUSTER);
      environment.logs.add(GROUP);
      return { resource, properties: ACCESS, changed: { ...ACCESS, roleName: 'lineage' } };
    }),
  'Custom::DatafoldAccessKey': async () =>
    inEnvironment(async (environment) => {
      const resource = setUpAccessKey(environment, arn('other'));
      return { resource, properties: KEY, changed: { ...KEY, secretArn: arn('other') } };
    }),
  'Custom::DatafoldLogsUserGroup': async () =>
    inEnvironment(async (environment) => {
      environment.iam.addUser(USER, USER_POLICY);
      const policyArn = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';
      const logsUser = { userName: USER, userPolicyArn: USER_POLICY };
      const properties = { ...logsUser, groupName: 'CloudWatchLogsReadOnly', policyArn };
      const changed = { ...properties, groupName: 'DatafoldLogs' };
      return { resource: plain(environment, 'Custom::DatafoldLogsUserGroup'), properties, changed };
    }),
  'Custom::DatafoldDataSource': async () =>
    inEnvironment(async (environment) => {
      const secrets = {
        secretArn: arn('source'),
        passwordSecretArn: arn('password'),
        accessKeySecretArn: KEY_SECRET,
      };
      environment.secrets.add(secrets.secretArn, 'made by CDK');
      environment.secrets.add(secrets.passwordSecretArn, environment.secret('the-pass-word'));
      const key = {
        accessKeyId: 'AKIAEXAMPLE',
        secretAccessKey: environment.secret('wJalrXUtnFEMI/K7MDENG'),
      };
      environment.secrets.add(KEY_SECRET, JSON.stringify(key));
      const properties = { ...SOURCE, ...secrets };
      return {
        resource: plain(environment, 'Custom::DatafoldDataSource'),
        properties,
        changed: { ...properties, name: 'x' },
      };
    }),
  'Custom::DatafoldLogGroup': async () =>
    inEnvironment(async (environment) => {
      const properties = { logGroupName: GROUP, logRetention: '30', shorten: 'true', ...masking('a.one') };
      environment.logs.add(GROUP, { retentionInDays: 90 });
      const changed = { ...properties, logRetention: '7', ...masking('b.two') };
      return { resource: plain(environment, 'Custom::DatafoldLogGroup'), properties, changed };
    }),
  'Custom::DatafoldLogExclusions': async () =>
    inEnvironment(async (environment) => {
      answerRuns(environment);
      environment.secrets.add(
        arn('admin'),
        JSON.stringify({ username: 'master', password: environment.secret('admin-pa55') }),
      );
      const properties = {
        sqlRunner: 'runner',
        server: SERVER,
        adminSecretArn: arn('admin'),
        maintenanceDatabase: 'postgres',
        excludedRoles: ['etl'],
        excludedDatabases: ['staging'],
      };
      return {
        resource: plain(environment, 'Custom::DatafoldLogExclusions'),
        properties,
        changed: { ...properties, excludedRoles: [] },
      };
    }),
  'Custom::DatafoldRegistration': async () => {
    const setting = await Setting.start();
    const { environment, datafold } = setting;
    return {
      environment,
      resource: setting.resource,
      properties: setting.properties(),
      changed: setting.properties({}, { name: 'shop/other' }),
      asked: () => datafold.asked.filter((request) => request.startsWith('POST')),
      stop: async () => setting.stop(),
    };
  },
  'Custom::DatafoldLineageProof': async () =>
    inEnvironment(async (environment) => {
      environment.rds.describe(CLUSTER);
      environment.logs.add(GROUP);
      const markers = answerRuns(environment);
      environment.statementLog.lines = () => `connection ${markers().join()}`;
      const options = {
        host: SERVER.host,
        user: 'datafold',
        password: environment.secret('the-pass-word'),
        dbname: 'app',
        aws_access_key_id: 'AKIAEXAMPLE1',
        aws_secret_access_key: environment.secret('wJalrXUtnFEMI/K7MDENG'),
        aws_region: 'us-east-1',
        aws_cloudwatch_log_group: GROUP,
      };
      const value = { type: 'postgres_aurora', name: 'shop/app', temp_schema: 'datafold_tmp', options };
      environment.secrets.add(arn('connection'), JSON.stringify(value));
      const properties = {
        sqlRunner: 'runner',
        server: SERVER,
        dataSourceSecretArn: arn('connection'),
        statementLog: { ...CLUSTER, logGroupName: GROUP },
      };
      const changed = { ...properties, sqlRunner: 'other' };
      return { resource: plain(environment, 'Custom::DatafoldLineageProof'), properties, changed };
    }),
  'Custom::DatafoldPrivateLinkTargets': async () =>
    inEnvironment(async (environment) => {
      const instance = { kind: 'instance', identifier: 'shop' } as const;
      environment.rds.addServer(instance, { host: SERVER.host, port: 5432 });
      environment.privateLink.names.set(SERVER.host, ['10.0.1.5']);
      environment.privateLink.tags = { 'cdk-datafold-postgres:server': 'vpc-1 instance/shop:5432' };
      const targetGroupArn = (name: string) =>
        `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/${name}/1234567890abcdef`;
      const shared = { vpcId: 'vpc-1', server: SERVER, rds: instance, sqlRunner: 'runner' };
      return {
        resource: plain(environment, 'Custom::DatafoldPrivateLinkTargets'),
        properties: { ...shared, targetGroupArn: targetGroupArn('one') },
        changed: { ...shared, targetGroupArn: targetGroupArn('two') },
      };
    }),
  'Custom::DatafoldEndpointService': async () =>
    inEnvironment(async (environment) => ({
      resource: plain(environment, 'Custom::DatafoldEndpointService'),
      properties: { serviceId: 'vpce-svc-1' },
      changed: { serviceId: 'vpce-svc-2' },
    })),
  'Custom::DatafoldAllowlist': async () =>
    inEnvironment(async (environment) => {
      const rds = (identifier: string) => {
        const server = { kind: 'instance', identifier } as const;
        const members = [{ identifier, isWriter: true, groupStatus: 'in-sync' }];
        environment.rds.describe(server, { members });
        environment.rds.networks.set(identifier, publicInstance(identifier));
        return server;
      };
      const shared = { port: '5432', addresses: ['192.0.2.1'] };
      return {
        resource: plain(environment, 'Custom::DatafoldAllowlist'),
        properties: { ...shared, rds: rds('one') },
        changed: { ...shared, rds: rds('two') },
      };
    }),
  'Custom::DatafoldStatementLogging': async () => {
    const account = await Account.open();
    account.rds.addGroup('instance', 'custom', FAMILY.instance);
    account.addShop('instance', 'custom');
    return {
      environment: account.environment,
      resource: account.resource as StackResource<object>,
      properties: logging('instance'),
      changed: logging('instance', { logBindValues: 'false' }),
      stop: async () => account.environment.stop(),
    };
  },
};

async function inEnvironment(
  prepare: (
    environment: TestEnvironment,
  ) => Promise<Pick<Prepared, 'properties' | 'changed'> & { resource: unknown }>,
): Promise<Prepared> {
  const environment = await TestEnvironment.start();
  const { resource, ...rest } = await prepare(environment);
  return {
    environment,
    resource: resource as StackResource<object>,
    ...rest,
    stop: async () => environment.stop(),
  };
}

function plain(environment: TestEnvironment, type: ResourceType): StackResource<object> {
  return new StackResource<object>(environment, type);
}

function masking(of: string): object {
  return { masking: JSON.stringify({ Name: of, Version: '2021-06-01', Statement: [] }) };
}

/** A sql-runner that does whatever it is asked; the markers that it was to run. */
function answerRuns(environment: TestEnvironment): () => string[] {
  const markers: string[] = [];
  environment.functions.invoke = async (_, payload) => {
    const { marker } = JSON.parse(payload) as { marker?: string };
    if (marker !== undefined) markers.push(marker);
    const databases = [
      { databaseName: 'app', logStatement: 'mod', unreadable: [], unreadableCount: 0, steps: [] },
    ];
    const report = {
      ...{ finished: true, statements: 1, databases, notices: [] },
      ...{ planned: [], changed: true, logStatement: 'mod', addresses: [] },
    };
    return { payload: JSON.stringify({ ok: true, report }) };
  };
  return () => markers;
}
