import type { aws_kms as kms, aws_logs as logs, aws_rds as rds, Duration, Size } from 'aws-cdk-lib';
import type { FunctionProps } from './function-options';
import type { LogRetention } from './log-retention';
import type { PostgresServer } from './postgres-server';
import type { RebootPolicy } from './reboot-policy';
import type { SharedParameterGroup } from './shared-parameter-group';

/**
 * Options for the statement log of a server.
 */
export interface StatementLoggingOptions {
  /**
   * What happens if other servers use the parameter group of an imported server too.
   *
   * @default SharedParameterGroup.REFUSE
   */
  readonly sharedParameterGroup?: SharedParameterGroup;

  /**
   * Whether the instances of an imported server are rebooted when the server gets a new parameter group.
   *
   * For a server that this app defines, CloudFormation decides.
   *
   * @default RebootPolicy.NEVER
   */
  readonly rebootPolicy?: RebootPolicy;

  /**
   * The parameter group of an imported server.
   *
   * If it is given, the provisioner may modify this parameter group only, and the deployment fails if the server uses another one.
   *
   * @default - the parameter group that the server uses at deployment
   */
  readonly parameterGroup?: rds.IParameterGroup;

  /**
   * Whether the values of bind parameters are logged with the statements.
   *
   * The values are data of your tables. Without them Datafold still sees every statement. PostgreSQL 13 and later.
   *
   * @default true, the default of PostgreSQL
   */
  readonly logBindValues?: boolean;

  /**
   * The roles whose statements are not logged, such as the role of a load job that writes a lot.
   *
   * The administrator runs `ALTER ROLE … SET log_statement`, which requires a superuser or, from PostgreSQL 15, the SET
   * privilege on the parameter. Takes effect in new sessions. Datafold derives no lineage from the statements of these roles.
   *
   * @default - none
   */
  readonly excludedRoles?: string[];

  /**
   * The databases whose statements are not logged.
   *
   * The administrator runs `ALTER DATABASE … SET log_statement`, with the same requirements as for `excludedRoles`.
   *
   * @default - none
   */
  readonly excludedDatabases?: string[];

  /**
   * The retention of the log group of the statement log.
   *
   * Applies whether or not RDS created the log group.
   *
   * @default - the retention is not changed; RDS creates the log group without an expiration
   */
  readonly logRetention?: LogRetention;

  /**
   * The KMS key that encrypts the log group of the statement log.
   *
   * The key policy must allow CloudWatch Logs to use the key.
   *
   * @default - the encryption is not changed; RDS creates the log group without a customer managed key
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The data that CloudWatch Logs masks in the statement log, by a data protection policy.
   *
   * Datafold sees asterisks instead of the data. AWS charges for the data that is scanned.
   *
   * @default - no data is masked
   */
  readonly maskedData?: logs.DataIdentifier[];
}

/**
 * Properties of a `StatementLogging`.
 */
export interface StatementLoggingProps extends StatementLoggingOptions, FunctionProps {
  /**
   * The server: an Aurora cluster or an RDS instance.
   */
  readonly server: PostgresServer;
}

/**
 * Options of the alarm for the growth of a statement log.
 */
export interface IngestedBytesAlarmOptions {
  /**
   * The size that may be ingested in one period; more raises the alarm.
   */
  readonly threshold: Size;

  /**
   * The length of a period.
   *
   * @default Duration.hours(1)
   */
  readonly period?: Duration;

  /**
   * The number of consecutive periods that must exceed the threshold.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;
}
