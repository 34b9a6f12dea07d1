import type { aws_kms as kms } from 'aws-cdk-lib';
import type { ICloudWatchLogsUser } from './cloudwatch-logs-user';
import type { IDatabaseAccess } from './database-access-props';
import type { FunctionProps } from './function-options';
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import type { StatementLogging } from './statement-logging';

/**
 * What a data source of Datafold is made of: one database and how Datafold reads it.
 */
export interface DataSourceProps extends FunctionProps {
  /**
   * The role to log in with, and its server.
   */
  readonly access: IDatabaseAccess;

  /**
   * The database.
   */
  readonly databaseName: string;

  /**
   * Whose access key reads the statement log.
   *
   * @default - nobody's: Datafold derives no column-level lineage
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The name of the data source in Datafold.
   *
   * @default - the identifier of the server and the name of the database: `my-cluster/app`
   */
  readonly dataSourceName?: string;

  /**
   * How Datafold checks the server's certificate.
   *
   * Datafold gets the certificates of the authorities: the `caCertificate` of the server, else those of RDS in its region. It also
   * works through PrivateLink, where Datafold keeps the host name of RDS. With a `datafoldHost`, which the certificate does not
   * name, Datafold checks the authority alone.
   *
   * @default - SslMode.VERIFY_FULL; SslMode.VERIFY_CA where the server has a `datafoldHost`; SslMode.REQUIRE for an endpoint without a `caCertificate` that is known at synth
   */
  readonly sslMode?: SslMode;

  /**
   * Whether the deployment proves that lineage gets to Datafold.
   *
   * A statement is run as the role, and found in the statement log with the access key that Datafold gets. The deployment fails
   * where it does not arrive within 5 minutes, and says which link is broken: not logged, not exported, wrong group, wrong
   * log class, key not allowed. Where instances wait for a reboot it is pending, and `lineageProofNotice` says so.
   *
   * @default false
   */
  readonly proveLineage?: boolean;

  /**
   * What manages the statement log of the server. `proveLineage` then proves lineage again when other instances wait for a reboot, or none any more.
   *
   * @default - somebody else manages it
   */
  readonly statementLogging?: StatementLogging;

  /**
   * Makes the data source in Datafold itself, and waits for Datafold's own test of it.
   *
   * @default - none: the value of the secret is given to Datafold by whoever may read it
   */
  readonly registration?: Registration;

  /**
   * The key that encrypts the secret.
   *
   * @default - the key of AWS for Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}
