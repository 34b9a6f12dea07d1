import * as access from './access';
import * as key from './access-key';
import { StackResource } from './stack';
import type { TestEnvironment } from './test-environment';

type Properties = Record<string, unknown>;

/** Something that a resource depends on: how it goes, what the update says, and how it comes back. */
export interface Loss {
  readonly what: string;
  readonly lose: () => void;
  readonly restore: () => void;
  /** Of the reason: what a person reads. */
  readonly says: RegExp;
  /** True where the way back does not need it: the update had changed nothing. */
  readonly unneeded?: true;
}

/** A resource with properties, others that an update wants, and everything that it may lose. */
export interface Subject {
  readonly resource: StackResource<Properties>;
  readonly properties: Properties;
  readonly changed: Properties;
  readonly losses: readonly Loss[];
  /** What no failed update and no rollback without means may change. */
  readonly state: () => unknown;
}

const DATA_SOURCE = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:source-AbCdEf';
const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';
const CLUSTER = { kind: 'cluster', identifier: 'shop' } as const;

/** What can be lost in an account, whatever the resource. */
function lossesIn(environment: TestEnvironment) {
  const secretLosses = (arn: string, refill: () => void): Loss[] => [
    {
      what: `the secret ${arn.split(':').at(-1)}, scheduled for deletion`,
      lose: () => environment.secrets.scheduleDeletion(arn),
      restore: () => environment.secrets.restore(arn),
      says: /was marked for deletion\. Restore it \(aws secretsmanager restore-secret --secret-id arn:.*\) or name another one/,
    },
    {
      what: `the secret ${arn.split(':').at(-1)}, deleted for good`,
      lose: () => environment.secrets.drop(arn),
      restore: refill,
      says: /It does not exist\. Check the ARN .* restore it \(aws secretsmanager restore-secret\) while its recovery window lasts/,
    },
  ];

  const denied = (...actions: string[]): Loss[] =>
    actions.map((action) => ({
      what: `the right to ${action}`,
      lose: () =>
        environment.faults.fail(action, 'AccessDenied', 'explicit deny in a service control policy'),
      restore: () => environment.faults.heal(),
      says: new RegExp(`^${action} on .*AccessDenied.*service control policy`),
    }));

  const disabledKey = (action: string): Loss => ({
    what: `the KMS key for ${action}`,
    lose: () => environment.faults.fail(action, 'DecryptionFailure', 'the key is disabled'),
    restore: () => environment.faults.heal(),
    says: /enable the key if it is disabled/,
  });

  return { secretLosses, denied, disabledKey };
}

/** The resources that depend on something that may be lost. */
export const SUBJECTS: Record<string, (environment: TestEnvironment) => Subject> = {
  AccessKey: (environment) => {
    const { secretLosses, denied, disabledKey } = lossesIn(environment);
    const resource = key.setUpAccessKey(environment) as unknown as StackResource<Properties>;
    return {
      resource,
      properties: { ...key.PROPERTIES },
      changed: { ...key.PROPERTIES, revision: '2' },
      state: () => environment.iam.keysOf(key.USER),
      losses: [
        {
          what: 'the IAM user',
          lose: () => environment.iam.dropUser(key.USER),
          restore: () => environment.iam.addUser(key.USER, key.USER_POLICY),
          says: /If the user was deleted, create it again under the same name \(aws iam create-user --user-name shop-Reader-1A2B\)/,
        },
        {
          what: 'the policy of the IAM user',
          lose: () => environment.iam.detachUserPolicy(key.USER, key.USER_POLICY),
          restore: () => environment.iam.attachUserPolicy(key.USER, key.USER_POLICY),
          says: /Attach the policy \(aws iam attach-user-policy --user-name shop-Reader-1A2B --policy-arn [^ ]+\), then deploy again/,
        },
        ...secretLosses(key.SECRET, () => environment.secrets.add(key.SECRET, 'random text that CDK made')),
        ...denied('iam:ListAttachedUserPolicies', 'iam:ListAccessKeys', 'secretsmanager:GetSecretValue'),
        disabledKey('secretsmanager:GetSecretValue'),
      ],
    };
  },
  DataSource: (environment) => {
    const { secretLosses, denied, disabledKey } = lossesIn(environment);
    const { PASSWORD_SECRET } = access;
    const fill = () => {
      environment.secrets.add(PASSWORD_SECRET, environment.secret('rôle-password-1'));
    };
    const fillKey = () =>
      environment.secrets.add(
        key.SECRET,
        JSON.stringify({
          accessKeyId: 'AKIAEXAMPLE1',
          secretAccessKey: environment.secret('s3cr3t/K7MDENG'),
        }),
      );
    fill();
    fillKey();
    environment.secrets.add(DATA_SOURCE, 'random text that CDK made');
    const properties = {
      secretArn: DATA_SOURCE,
      passwordSecretArn: PASSWORD_SECRET,
      accessKeySecretArn: key.SECRET,
      type: 'postgres_aurora',
      name: 'shop/app',
      tempSchema: 'datafold_tmp',
      host: access.HOST,
      port: '5432',
      user: 'datafold',
      databaseName: 'app',
      sslMode: 'require',
      region: 'us-east-1',
      logGroupName: LOG_GROUP,
    };
    return {
      resource: new StackResource(environment, 'Custom::DatafoldDataSource', 'Source'),
      properties,
      changed: { ...properties, tempSchema: 'scratch' },
      state: () => environment.secrets.textOf(DATA_SOURCE),
      losses: [
        ...secretLosses(PASSWORD_SECRET, fill),
        ...secretLosses(key.SECRET, fillKey),
        ...secretLosses(DATA_SOURCE, () => environment.secrets.add(DATA_SOURCE, 'random text that CDK made')),
        ...denied('secretsmanager:GetSecretValue'),
        ...denied('secretsmanager:PutSecretValue').map((one) => ({ ...one, unneeded: true as const })),
        disabledKey('secretsmanager:GetSecretValue'),
      ],
    };
  },
  LogGroup: (environment) => {
    const { denied } = lossesIn(environment);
    environment.logs.add(LOG_GROUP, { retentionInDays: 7 });
    const properties = { logGroupName: LOG_GROUP, logRetention: '30' };
    return {
      resource: new StackResource(environment, 'Custom::DatafoldLogGroup', 'LogGroup'),
      properties,
      changed: { ...properties, logRetention: '90' },
      state: () => environment.logs.groupOf(LOG_GROUP),
      losses: [
        ...denied('logs:DescribeLogGroups'),
        ...denied('logs:PutRetentionPolicy').map((one) => ({ ...one, unneeded: true as const })),
      ],
    };
  },
  DatabaseAccess: (environment) => {
    const { secretLosses, denied, disabledKey } = lossesIn(environment);
    const { server, resource, adminPassword } = access.setUpAccess(environment);
    const fillAdmin = () => access.setAdminSecret(environment, adminPassword);
    environment.rds.describe(CLUSTER);
    environment.logs.add(LOG_GROUP);
    const statementLog = { ...CLUSTER, logGroupName: LOG_GROUP };
    const properties = { ...access.PROPERTIES, statementLog };
    const trouble = (what: string, code: string, message: string): Loss => ({
      what,
      lose: () => (server.trouble = { message, code, retryable: code !== '28P01' }),
      restore: () => (server.trouble = undefined),
      says: new RegExp(code),
    });
    return {
      resource: resource as unknown as StackResource<Properties>,
      properties,
      changed: { ...properties, databases: [{ databaseName: 'app' }, { databaseName: 'dwh' }] },
      state: () => server.roles.get('datafold')?.access.databases,
      losses: [
        ...secretLosses(access.ADMIN_SECRET, fillAdmin),
        ...secretLosses(access.PASSWORD_SECRET, () =>
          environment.secrets.add(access.PASSWORD_SECRET, environment.secret('rôle-password-2')),
        ),
        {
          what: 'the sql-runner',
          lose: () => environment.functions.drop(access.RUNNER),
          restore: () => environment.functions.restore(access.RUNNER),
          says: /lambda:InvokeFunction on shop-sql-runner failed with ResourceNotFound.*If it was deleted by hand/,
        },
        {
          what: 'the login in the admin secret',
          lose: () => environment.secrets.add(access.ADMIN_SECRET, '{}'),
          restore: fillAdmin,
          says: /does not hold a JSON object/,
        },
        ...denied('lambda:InvokeFunction', 'secretsmanager:GetSecretValue'),
        disabledKey('secretsmanager:GetSecretValue'),
        {
          what: 'the password of the admin',
          lose: () => (server.adminPassword = environment.secret('another admin password')),
          restore: () => (server.adminPassword = adminPassword),
          says: /Login as postgres .* was refused \(28P01\)/,
        },
        trouble('the server, stopped', 'ECONNREFUSED', 'Nothing listens there (ECONNREFUSED).'),
        trouble('the network to the server', 'ETIMEDOUT', 'No answer (ETIMEDOUT).'),
        trouble('the server, starting', '57P03', 'The server is starting (57P03).'),
        trouble('free connections', '53300', 'The server is out of connections (53300).'),
        trouble('the name of the server', 'ENOTFOUND', 'The host name is not known (ENOTFOUND).'),
        trouble('its authority', 'SELF_SIGNED_CERT_IN_CHAIN', 'Not trusted (SELF_SIGNED_CERT_IN_CHAIN).'),
      ],
    };
  },
  LogExclusions: (environment) => {
    const { secretLosses, denied } = lossesIn(environment);
    const { server, adminPassword } = access.setUpAccess(environment);
    const { sqlRunner, adminSecretArn, maintenanceDatabase } = access.PROPERTIES;
    const properties = {
      sqlRunner,
      server: access.PROPERTIES.server,
      adminSecretArn,
      maintenanceDatabase,
      excludedRoles: ['etl'],
      excludedDatabases: [],
    };
    return {
      resource: new StackResource(environment, 'Custom::DatafoldLogExclusions', 'Exclusions'),
      properties,
      changed: { ...properties, excludedRoles: ['etl', 'app'] },
      state: () => undefined,
      losses: [
        ...secretLosses(access.ADMIN_SECRET, () => access.setAdminSecret(environment, adminPassword)),
        {
          what: 'the sql-runner',
          lose: () => environment.functions.drop(access.RUNNER),
          restore: () => environment.functions.restore(access.RUNNER),
          says: /If it was deleted by hand/,
        },
        {
          what: 'the network to the server',
          lose: () => (server.trouble = access.UNREACHABLE),
          restore: () => (server.trouble = undefined),
          says: /can't be reached \(ETIMEDOUT\)/,
        },
        ...denied('lambda:InvokeFunction'),
      ],
    };
  },
};
