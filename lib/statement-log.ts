import type { StatementLoggingOptions } from './statement-logging-props';

/**
 * Who sees to it that a server logs its statements and exports that log.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   statementLog: StatementLog.managed({
 *     logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH),
 *     rebootPolicy: RebootPolicy.IF_PENDING,
 *   }),
 * });
 */
export class StatementLog {
  /**
   * This library, by a `StatementLogging`.
   *
   * @param options how the statements are logged
   */
  public static managed(options: StatementLoggingOptions = {}): StatementLog {
    return new StatementLog(options);
  }

  /**
   * Somebody else. The deployment only looks whether the server logs what Datafold needs (`verification.onNoLineage`).
   */
  public static managedElsewhere(): StatementLog {
    return new StatementLog();
  }

  private constructor(
    /**
     * Undefined where somebody else manages the log.
     *
     * @internal
     */
    public readonly _options?: StatementLoggingOptions,
  ) {}
}
