import type { aws_kms as kms } from 'aws-cdk-lib';
import type { ICloudWatchLogsUser } from './cloudwatch-logs-user';
import type { IDatabaseAccess } from './database-access-props';
import type { FunctionProps } from './function-options';
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import type { StatementLogging } from './statement-logging';

/**
 * Properties of a `DataSource`: one database, and how Datafold reads it.
 */
export interface DataSourceProps extends FunctionProps {
  /**
   * The role that Datafold logs in with, and its server.
   */
  readonly access: IDatabaseAccess;

  /**
   * The name of the database.
   */
  readonly databaseName: string;

  /**
   * The IAM user whose access key reads the statement log.
   *
   * @default - no access to the statement log; Datafold derives no column-level lineage
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The name of the data source in Datafold.
   *
   * @default - the identifier of the server and the name of the database: `my-cluster/app`
   */
  readonly dataSourceName?: string;

  /**
   * How Datafold verifies the server's certificate.
   *
   * Datafold gets the certificates of the certificate authorities: the `caCertificate` of the server, else those of RDS in its region.
   * The host name is also verified through PrivateLink, since Datafold keeps using the host name of RDS. With a `datafoldHost`, for
   * which the certificate is not valid, Datafold verifies only the certificate authority.
   *
   * @default - SslMode.VERIFY_FULL; SslMode.VERIFY_CA for a server with a `datafoldHost`; SslMode.REQUIRE for an endpoint without a `caCertificate` that is known at synth; SslMode.PREFER for a server without TLS
   */
  readonly sslMode?: SslMode;

  /**
   * Whether the deployment verifies end to end that Datafold can read the statements for its lineage.
   *
   * A statement is run as the role and searched for in the statement log with Datafold's access key. If it does not arrive
   * within 5 minutes, the deployment fails and names the cause: not logged, not exported, wrong log group, wrong log class or
   * access denied to the key. While instances wait for a reboot the check is pending, and `lineageProofNotice` reports it.
   *
   * @default false
   */
  readonly proveLineage?: boolean;

  /**
   * The construct that manages the statement log of the server.
   *
   * `proveLineage` then runs its check again whenever the list of instances that wait for a reboot changes.
   *
   * @default - the statement log is not managed by this app
   */
  readonly statementLogging?: StatementLogging;

  /**
   * Registers the data source with Datafold's API, and waits for Datafold's own connection test.
   *
   * @default - not registered; enter the value of the secret in Datafold
   */
  readonly registration?: Registration;

  /**
   * The KMS key that encrypts the secret.
   *
   * @default - the AWS managed key of Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}
