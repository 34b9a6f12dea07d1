import type { aws_iam as iam, aws_kms as kms, aws_sns as sns } from 'aws-cdk-lib';
import type { AccessKeyRotation } from './access-key-rotation';
import type { HandlerOptions } from './handler-code';
import type { LogAccess } from './log-access';

/**
 * What a logs reader of this library is made of.
 */
export interface CloudWatchLogsReaderProps extends HandlerOptions {
  /**
   * A group that exists already. It is taken as it is: no policy is added to it.
   *
   * @default - a group is made
   */
  readonly group?: iam.IGroup;

  /**
   * The name of the group that is made.
   *
   * The names of groups are unique in an account, so a second reader in the account needs another name, the `group` of the
   * first one, or, best, is left out: one reader can serve many servers.
   *
   * @default CloudWatchLogsReadOnly
   */
  readonly groupName?: string;

  /**
   * The log groups that may be read.
   *
   * @default LogAccess.allLogGroups()
   */
  readonly logAccess?: LogAccess;

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
 * What an imported logs reader can't tell by itself.
 */
export interface ImportedLogsReaderOptions {
  /**
   * Whether the stack that made the reader replaces its access key from time to time (`rotateAccessKey`).
   *
   * Each data source then looks for a new key every hour. Without it a data source keeps the key it had when it was deployed,
   * and Datafold draws no lineage any more once that key is deactivated.
   *
   * @default false
   */
  readonly isRotated?: boolean;

  /**
   * The topic that is told which data sources have a new key, and where to enter it.
   *
   * @default - nobody is told
   */
  readonly noticeTopic?: sns.ITopic;
}
