import type { aws_iam as iam, aws_kms as kms, aws_logs as logs } from 'aws-cdk-lib';
import type { HandlerCode } from './handler-code';

/**
 * How the two functions behind the constructs are set up: the provisioner, which calls AWS, and the sql-runner, which runs the SQL.
 *
 * The constructs of a stack share the functions. So all of them that give an option other than `revision` must give the same.
 */
export interface FunctionOptions {
  /**
   * How the code of the functions gets into the template.
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
   * The key that encrypts the logs of the functions.
   *
   * Its policy must let CloudWatch Logs use it, or the deployment fails.
   *
   * @default - CloudWatch Logs encrypts them with a key of its own
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The memory of the provisioner, in MiB.
   *
   * @default 256
   */
  readonly provisionerMemorySize?: number;

  /**
   * The memory of the sql-runner, in MiB. More of it makes databases with very many tables faster.
   *
   * @default 512
   */
  readonly sqlRunnerMemorySize?: number;

  /**
   * The permissions boundary of the roles of the functions, and of the IAM user whose key Datafold gets.
   *
   * It must allow what the functions do, and `logs:FilterLogEvents` for the user.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Any text. With another one, the next deployment inspects everything again and repairs it.
   *
   * CloudFormation runs a custom resource only when one of its properties has changed: a deployment of an unchanged app inspects
   * nothing. Each construct has a revision of its own.
   *
   * @default - none
   */
  readonly revision?: string;
}

/**
 * What every construct takes that is set up by the functions of this library.
 */
export interface FunctionProps {
  /**
   * How the functions behind the construct are set up.
   *
   * @default - as the construct of the stack that came first has it, else the defaults of each option
   */
  readonly functions?: FunctionOptions;
}
