import { RemovalPolicy, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseAccessProps } from '../../database-access-props';
import { FailurePolicy } from '../../failure-policy';
import { placeProblems, problemsWithoutAdmin } from '../server/server-spec';
import { grantsProblems } from './grants-rules';
import { limitProblems, reconcileProblems } from './range-rules';
import { roleProblems, schemaProblems } from './name-rules';
import { type AccessProps, oneRoleProblems } from './one-role';
import type { SqlRunner } from '../functions/sql-runner';
import { passwordRotationProblems } from '../rotation/rotated-password';
import { serverProperties, statementLogOf } from '../server/server-properties';
import type { DatabaseAccessProperties } from '../wire/resources';
import { ACCESS_SETTINGS, toWire } from '../wire/settings';

/** Returns all problems with the props of a `DatabaseAccess`. */
export function accessProblems(scope: Construct, props: AccessProps): string[] {
  const { roleName = ACCESS_SETTINGS.roleName.fallback, tempSchema = ACCESS_SETTINGS.tempSchema.fallback } =
    props;
  const { removalPolicy = RemovalPolicy.DESTROY } = props;
  return [
    ...serverProblems(props),
    ...placeProblems(scope, props.server._spec),
    ...oneRoleProblems(scope, props),
    ...reconcileProblems(props.reconcile, props.roleName),
    ...passwordRotationProblems(props.rotatePassword, {
      byDba: props.sqlBy?._passwordSecret !== undefined,
      isGiven: props.passwordSecret !== undefined,
    }),
    ...roleProblems('roleName', roleName),
    ...schemaProblems('tempSchema', tempSchema),
    ...grantsProblems(props.databases, tempSchema),
    ...limitProblems(props.limits),
    ...([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN].includes(removalPolicy)
      ? []
      : [`\`removalPolicy\` must be DESTROY or RETAIN, got: ${removalPolicy}`]),
  ];
}

function serverProblems(props: AccessProps): string[] {
  const { _spec: server } = props.server;
  if (!props.sqlBy?._passwordSecret) return [...server.problems];
  const ignored = [
    ...MADE_BY_FUNCTION.filter((prop) => props[prop] !== undefined),
    ...(props.reconcile?.repair ? ['reconcile.repair'] : []),
  ];
  return [
    ...problemsWithoutAdmin(server),
    ...ignored.map((prop) => `\`${prop}\` has no effect with SqlExecution.byDba: leave it out`),
  ];
}

/** The props that have no effect if a DBA creates the role and its grants. */
const MADE_BY_FUNCTION = [
  'adoptExisting',
  'passwordSecret',
  'futureTables',
  'limits',
  'removalPolicy',
] as const;

interface Made {
  /** Absent if a DBA runs the SQL. */
  readonly adminSecret?: secretsmanager.ISecret;
  readonly passwordSecret: secretsmanager.ISecret;
  readonly runner: SqlRunner;
}

/** Returns the properties of the custom resource. */
export function accessProperties(props: DatabaseAccessProps, made: Made): DatabaseAccessProperties {
  const { verification = {} } = props;
  return {
    sqlRunner: made.runner.function.functionName,
    server: serverProperties(props.server._spec),
    adminSecretArn: made.adminSecret?.secretArn,
    manageRole: made.adminSecret ? 'true' : 'false',
    passwordSecretArn: made.passwordSecret.secretArn,
    databases: props.databases.map(({ databaseName, schemas, excludeSchemas, excludeTables }) => ({
      databaseName,
      schemas,
      excludeSchemas,
      excludeTables,
    })),
    passwordIsGiven: props.passwordSecret && 'true',
    ...toWire(ACCESS_SETTINGS, {
      ...props,
      ...verification,
      connectionLimit: props.limits?.connectionLimit,
      maintenanceDatabase: props.server._spec.maintenanceDatabase,
      statementTimeout: props.limits?.statementTimeout?.toMilliseconds(),
      removalPolicy: props.removalPolicy === RemovalPolicy.RETAIN ? 'retain' : 'destroy',
      onNoLineage: verification.onNoLineage ?? (props.statementLogging && FailurePolicy.FAIL),
    }),
    statementLog: statementLogOf(props.server._spec),
  };
}
