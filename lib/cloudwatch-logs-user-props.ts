import type { aws_kms as kms, aws_secretsmanager as secretsmanager, aws_sns as sns } from 'aws-cdk-lib';
import type { AccessKeyRotation } from './access-key-rotation';
import type { FunctionProps } from './function-options';
import type { LogAccess } from './log-access';

/**
 * Properties of a `CloudWatchLogsUser`.
 */
export interface CloudWatchLogsUserProps extends FunctionProps {
  /**
   * The IAM group that the user joins.
   *
   * If a group of this name exists, the user joins it and the group is not changed. Otherwise a group with the AWS managed policy
   * `CloudWatchLogsReadOnlyAccess` is created. The stacks of an account share that group; it is deleted with its last user.
   *
   * @default CloudWatchLogsReadOnly
   */
  readonly groupName?: string;

  /**
   * The log groups that the user may read.
   *
   * A policy of the user denies the content of all other log groups, whatever the group of the user allows.
   *
   * @default LogAccess.allPostgresLogGroups()
   */
  readonly logAccess?: LogAccess;

  /**
   * The source addresses from which the access key may be used, as IPv4 or IPv6 CIDR ranges.
   *
   * Datafold's documentation lists the addresses of its servers. The restricted key then works neither for the `doctor` command nor for
   * the provisioner, which verifies lineage with its own permissions instead.
   *
   * @default - the access key may be used from any address
   */
  readonly sourceIps?: string[];

  /**
   * The name of the secret that holds the access key.
   *
   * Stacks in other regions can import the secret only by a name that is known at synth. The name must not end in a hyphen and six
   * characters, which Secrets Manager would take for the end of an ARN.
   *
   * @default - a generated name
   */
  readonly secretName?: string;

  /**
   * The KMS key that encrypts the secret of the access key.
   *
   * @default - the AWS managed key of Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Rotation of the access key.
   *
   * Datafold's API cannot update a data source: a person must enter each new key in Datafold.
   *
   * @default - the access key is not rotated
   */
  readonly rotateAccessKey?: AccessKeyRotation;
}

/**
 * Attributes of a logs user that another stack or app defines.
 */
export interface CloudWatchLogsUserAttributes {
  /**
   * The secret that holds the access key: `{"accessKeyId": …, "secretAccessKey": …}`.
   *
   * Import it by its ARN and, if it is encrypted with a customer managed key, with that key.
   */
  readonly accessKeySecret: secretsmanager.ISecret;

  /**
   * Whether the access key is rotated (`rotateAccessKey`).
   *
   * Each data source then checks for a new key every hour. If this is false for a key that is rotated, a data source keeps the key of
   * its last deployment, and Datafold derives no lineage once that key is deactivated.
   *
   * @default false
   */
  readonly isRotated?: boolean;

  /**
   * Whether the access key may be used from certain addresses only (`sourceIps`).
   *
   * The provisioner then verifies lineage with its own permissions.
   *
   * @default false
   */
  readonly hasSourceIps?: boolean;

  /**
   * The log groups that the user may read.
   *
   * A server whose statement log is not among them is rejected at synth.
   *
   * @default - unknown, not checked
   */
  readonly logAccess?: LogAccess;

  /**
   * The topic for notices: which data sources have a new key, and where to enter it.
   *
   * @default - no notices are sent
   */
  readonly noticeTopic?: sns.ITopic;
}
