import type { ICloudWatchLogsUser } from './cloudwatch-logs-user';
import type { DatabaseAccessOptions } from './database-access-props';
import type { DatabaseGrants } from './database-grants';
import type { DatafoldNetworkAccess } from './datafold-network-access';
import type { PostgresServer } from './postgres-server';
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import type { StatementLog } from './statement-log';
import type { VerificationOptions } from './verification-options';

/**
 * Properties of a `DatafoldPostgres`.
 */
export interface DatafoldPostgresProps extends DatabaseAccessOptions {
  /**
   * The PostgreSQL server.
   */
  readonly server: PostgresServer;

  /**
   * The databases that Datafold may read, at least one.
   */
  readonly databases: DatabaseGrants[];

  /**
   * What a deployment verifies, and what happens if a check fails.
   *
   * @default - the deployment fails if the check of the role or of the statement log fails; relations that may return only some of their rows are only reported
   */
  readonly verification?: VerificationOptions;

  /**
   * How the statement log is turned on and exported.
   *
   * @default - StatementLog.managed(); no statement log for an endpoint, whose log is not in CloudWatch
   */
  readonly statementLog?: StatementLog;

  /**
   * The IAM user whose access key reads the statement log.
   *
   * One user can serve many servers.
   *
   * @default - a new `CloudWatchLogsUser` that may read the statement logs of `LogAccess.serversOfStack()`; no user for an endpoint
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The network path over which Datafold reaches the server.
   *
   * @default - no network path is created
   */
  readonly networkAccess?: DatafoldNetworkAccess;

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
   * Registers the data sources with Datafold's API, and waits for Datafold's own connection test of each.
   *
   * @default - not registered; enter the values of the secrets in Datafold
   */
  readonly registration?: Registration;
}
