import type { aws_kms as kms, aws_sns as sns } from 'aws-cdk-lib';
import type { AccessKeyRotation } from './access-key-rotation';
import type { HandlerOptions } from './handler-code';
import type { LogAccess } from './log-access';

/**
 * What a logs user of this library is made of.
 */
export interface CloudWatchLogsUserProps extends HandlerOptions {
  /**
   * The IAM group that the user joins.
   *
   * A group of this name that exists is joined and left as it is, whoever made it. Where there is none, one is made with the AWS
   * managed policy `CloudWatchLogsReadOnlyAccess`; the stacks of an account share it, and the last user to leave removes it.
   *
   * @default CloudWatchLogsReadOnly
   */
  readonly groupName?: string;

  /**
   * The log groups that may be read.
   *
   * A policy of the user's own denies it the content of all others, whatever its group allows.
   *
   * @default - the PostgreSQL logs of all servers of the account; of its servers alone where `DatafoldPostgres` makes the logs user and only servers of its stack use it
   */
  readonly logAccess?: LogAccess;

  /**
   * The addresses from which the access key works, as CIDR ranges of IPv4 or IPv6.
   *
   * Those of Datafold's servers are in its documentation. The key then works neither for the doctor nor for the provisioner, which proves
   * lineage with rights of its own.
   *
   * @default - it works from anywhere
   */
  readonly sourceIps?: string[];

  /**
   * The name of the secret with the access key.
   *
   * Stacks of other regions can't refer to the secret of this stack; by a name they can. It must not end in a hyphen and six
   * characters, which Secrets Manager would take for the end of an ARN.
   *
   * @default - a generated name
   */
  readonly secretName?: string;

  /**
   * The key that encrypts the secret with the access key.
   *
   * @default - the key of AWS for Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Replaces the access key from time to time.
   *
   * Datafold can't be told of the new one by its API: a person must enter it there.
   *
   * @default - the key stays the same
   */
  readonly rotateAccessKey?: AccessKeyRotation;
}

/**
 * What an imported logs user can't tell by itself.
 */
export interface ImportedLogsUserOptions {
  /**
   * Whether the stack that made the logs user replaces its access key from time to time (`rotateAccessKey`).
   *
   * Each data source then looks for a new key every hour. Without it a data source keeps the key it had when it was deployed,
   * and Datafold no longer derives lineage once that key is deactivated.
   *
   * @default false
   */
  readonly isRotated?: boolean;

  /**
   * Whether the access key works from some addresses only (`sourceIps`).
   *
   * The provisioner then proves lineage with rights of its own.
   *
   * @default false
   */
  readonly hasSourceIps?: boolean;

  /**
   * The topic that is told which data sources have a new key, and where to enter it.
   *
   * @default - nobody is told
   */
  readonly noticeTopic?: sns.ITopic;
}
