import type { aws_kms as kms, aws_secretsmanager as secretsmanager, aws_sns as sns } from 'aws-cdk-lib';
import type { AccessKeyRotation } from './access-key-rotation';
import type { FunctionProps } from './function-options';
import type { LogAccess } from './log-access';

/**
 * What a logs user of this library is made of.
 */
export interface CloudWatchLogsUserProps extends FunctionProps {
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
   * @default LogAccess.allPostgresLogGroups()
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
   * Datafold's API cannot update a data source: a person must enter the new key there.
   *
   * @default - the key stays the same
   */
  readonly rotateAccessKey?: AccessKeyRotation;
}

/**
 * What is known of a logs user that another stack or app made.
 */
export interface CloudWatchLogsUserAttributes {
  /**
   * The secret that holds the access key: `{"accessKeyId": …, "secretAccessKey": …}`.
   *
   * By its ARN, and with its key if it has a customer managed one.
   */
  readonly accessKeySecret: secretsmanager.ISecret;

  /**
   * Whether the access key is replaced from time to time (`rotateAccessKey`). Each data source then looks for a new key every hour.
   *
   * Without it a data source keeps the key it had when it was deployed, and Datafold derives no lineage any more once that key is
   * deactivated.
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
   * The log groups that the user may read, so that a server whose log is not among them is refused.
   *
   * @default - not known
   */
  readonly logAccess?: LogAccess;

  /**
   * The topic that is notified which data sources have a new key, and where to enter it.
   *
   * @default - nobody is notified
   */
  readonly noticeTopic?: sns.ITopic;
}
