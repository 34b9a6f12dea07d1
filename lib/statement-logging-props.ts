import type { aws_kms as kms, aws_logs as logs, aws_rds as rds, Duration, Size } from 'aws-cdk-lib';
import type { FunctionProps } from './function-options';
import type { LogRetention } from './log-retention';
import type { PostgresServer } from './postgres-server';
import type { RebootPolicy } from './reboot-policy';
import type { SharedParameterGroup } from './shared-parameter-group';

/**
 * How the statements of a server are logged.
 */
export interface StatementLoggingOptions {
  /**
   * What to do when other servers use the parameter group of an imported server too.
   *
   * @default SharedParameterGroup.REFUSE
   */
  readonly sharedParameterGroup?: SharedParameterGroup;

  /**
   * Whether the instances of an imported server are rebooted for a new parameter group.
   *
   * For a server of this app CloudFormation decides.
   *
   * @default RebootPolicy.NEVER
   */
  readonly rebootPolicy?: RebootPolicy;

  /**
   * The parameter group of an imported server.
   *
   * Where it is known, the function that makes the changes is allowed to change this group and no other. A deployment fails
   * if the server has another one by then.
   *
   * @default - the one that the server has when the stack is deployed
   */
  readonly parameterGroup?: rds.IParameterGroup;

  /**
   * Whether the values of bind parameters are logged with the statements.
   *
   * They are rows of your tables. Without them Datafold still sees every statement. PostgreSQL 13 and later.
   *
   * @default true, as PostgreSQL has it
   */
  readonly logBindValues?: boolean;

  /**
   * Roles whose statements are not logged, such as those of a load job that writes a lot.
   *
   * `ALTER ROLE … SET log_statement`, by the administrator, who must be allowed to set it: PostgreSQL asks for a superuser, or
   * from version 15 on for SET on the parameter. Takes effect in new sessions. Datafold derives no lineage from what they run.
   *
   * @default - none
   */
  readonly excludedRoles?: string[];

  /**
   * Databases in which no statements are logged: `ALTER DATABASE … SET log_statement`, as with `excludedRoles`.
   *
   * @default - none
   */
  readonly excludedDatabases?: string[];

  /**
   * How long the statement log is kept.
   *
   * It does not matter who made the log group, RDS or somebody else.
   *
   * @default - as it is; RDS makes the log group to be kept forever
   */
  readonly logRetention?: LogRetention;

  /**
   * The key that encrypts the statement log. Its policy must let CloudWatch Logs use it.
   *
   * @default - as it is; RDS makes the log group without a key of yours
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * What CloudWatch Logs masks in the statement log, by a data protection policy.
   *
   * Datafold sees asterisks in its place. AWS charges for the data that is scanned.
   *
   * @default - nothing
   */
  readonly maskedData?: logs.DataIdentifier[];
}

/**
 * The statement log of a server.
 */
export interface StatementLoggingProps extends StatementLoggingOptions, FunctionProps {
  /**
   * The server: a cluster or an instance.
   */
  readonly server: PostgresServer;
}

/**
 * How much a statement log may grow before an alarm is raised.
 */
export interface IngestedBytesAlarmOptions {
  /**
   * More than this much in one period raises the alarm.
   */
  readonly threshold: Size;

  /**
   * The length of a period.
   *
   * @default Duration.hours(1)
   */
  readonly period?: Duration;

  /**
   * How many periods in a row must be above the threshold.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;
}
