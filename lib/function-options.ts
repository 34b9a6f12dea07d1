import type { aws_iam as iam, aws_kms as kms, aws_logs as logs } from 'aws-cdk-lib';
import type { HandlerCode } from './handler-code';

/**
 * Options of the two Lambda functions behind the constructs: the provisioner, which calls AWS, and the sql-runner, which runs the SQL.
 *
 * All constructs of a stack share the functions, so those that set an option other than `revision` must set it to the same value.
 */
export interface FunctionOptions {
  /**
   * How the template includes the code of the functions.
   *
   * @default HandlerCode.asset()
   */
  readonly code?: HandlerCode;

  /**
   * How long the logs of the functions are kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The KMS key that encrypts the logs of the functions.
   *
   * The key policy must allow CloudWatch Logs to use the key, otherwise the deployment fails.
   *
   * @default - server-side encryption of CloudWatch Logs
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The memory of the provisioner, in MiB.
   *
   * @default 256
   */
  readonly provisionerMemorySize?: number;

  /**
   * The memory of the sql-runner, in MiB.
   *
   * More memory shortens deployments of databases with very many tables.
   *
   * @default 512
   */
  readonly sqlRunnerMemorySize?: number;

  /**
   * The permissions boundary of the IAM roles of the functions, and of the IAM user whose access key Datafold uses.
   *
   * The boundary must allow what the functions do, and `logs:FilterLogEvents` for the user.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * An arbitrary text; a new value makes the next deployment inspect and repair everything again.
   *
   * CloudFormation runs a custom resource only if one of its properties has changed, so the deployment of an unchanged app
   * inspects nothing. Unlike the other options, the revision applies only to the construct that it is given to.
   *
   * @default - no revision
   */
  readonly revision?: string;
}

/**
 * Properties of every construct that is deployed by the functions of this library.
 */
export interface FunctionProps {
  /**
   * Options of the Lambda functions behind the construct.
   *
   * @default - the options of the first construct in the stack, else the default of each option
   */
  readonly functions?: FunctionOptions;
}
