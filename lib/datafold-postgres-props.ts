import type { ICloudWatchLogsUser } from './cloudwatch-logs-user';
import type { DatabaseAccessOptions } from './database-access-props';
import type { DatafoldNetworkAccess } from './datafold-network-access';
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import type { StatementLog } from './statement-log';
import type { VerificationOptions } from './verification-options';

/**
 * All that Datafold needs of a PostgreSQL server.
 */
export interface DatafoldPostgresProps extends DatabaseAccessOptions {
  /**
   * What a deployment checks, and what a check that fails does.
   *
   * @default - the role and the statement log, which fail the deployment; relations that may give only some of their rows are reported
   */
  readonly verification?: VerificationOptions;

  /**
   * Who sees to it that the server logs its statements and exports that log.
   *
   * @default - StatementLog.managed(); none for an endpoint, whose log is not in CloudWatch
   */
  readonly statementLog?: StatementLog;

  /**
   * Whose access key reads the statement log; one user can serve many servers.
   *
   * @default - a `CloudWatchLogsUser` is made that reads the logs of the servers of this stack that use it; none for an endpoint
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The network path by which Datafold reaches the server.
   *
   * @default - none is made: somebody else sees to it
   */
  readonly networkAccess?: DatafoldNetworkAccess;

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
   * Makes the data sources in Datafold itself, and waits for Datafold's own test of each.
   *
   * @default - none: the values of the secrets are given to Datafold by whoever may read them
   */
  readonly registration?: Registration;
}
