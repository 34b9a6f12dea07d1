import type { DatabaseAccessProperties } from '../../../../lib/private/wire/resources';
import type { FakeServer } from './fake-postgres';
import { StackResource } from './stack';
import type { TestEnvironment } from './test-environment';

export const HOST = 'shop.cluster-abc.us-east-1.rds.amazonaws.com';
export const RUNNER = 'shop-sql-runner';
export const ADMIN_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!cluster-1-AbCdEf';
export const PASSWORD_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-password-AbCdEf';

export const PROPERTIES: DatabaseAccessProperties = {
  sqlRunner: RUNNER,
  server: { host: HOST, port: '5432', tls: 'verify-full' },
  adminSecretArn: ADMIN_SECRET,
  passwordSecretArn: PASSWORD_SECRET,
  roleName: 'datafold',
  tempSchema: 'datafold_tmp',
  databases: [{ databaseName: 'app' }],
  maintenanceDatabase: 'postgres',
  futureTables: 'true',
  adoptExisting: 'false',
  onUnreadable: 'fail',
  onFailedStep: 'fail',
  onIncompleteRead: 'warn',
  onNoLineage: 'warn',
  removalPolicy: 'destroy',
};

export interface AccessSetUp {
  readonly server: FakeServer;
  readonly resource: StackResource<DatabaseAccessProperties>;
  readonly adminPassword: string;
  readonly password: string;
}

/** A server, its admin secret, the password of the role. */
export function setUpAccess(environment: TestEnvironment): AccessSetUp {
  const adminPassword = environment.secret('admin "pass" \\ word');
  const password = environment.secret('rôle-password-1');
  const server = environment.postgres.add(HOST, adminPassword);
  setAdminSecret(environment, adminPassword);
  environment.secrets.add(PASSWORD_SECRET, password);
  return {
    server,
    adminPassword,
    password,
    resource: new StackResource(environment, 'Custom::DatafoldDatabaseAccess', 'Access'),
  };
}

/** As RDS keeps it: nothing but the login. */
export function setAdminSecret(environment: TestEnvironment, password: string): void {
  environment.secrets.add(ADMIN_SECRET, JSON.stringify({ username: 'postgres', password }));
}

export const UNREACHABLE = {
  message: `PostgreSQL on ${HOST}:5432 can't be reached (ETIMEDOUT). Check the security groups.`,
  code: 'ETIMEDOUT',
  retryable: true,
};
