import type { StatementLoggingOptions } from './statement-logging-props';

/**
 * How the statement log of a server is turned on and exported.
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
   * This library manages the statement log, with a `StatementLogging`.
   *
   * @param options how the statements are logged
   */
  public static managed(options: StatementLoggingOptions = {}): StatementLog {
    return new StatementLog(options);
  }

  /**
   * The statement log is managed outside of this library.
   *
   * The deployment only checks whether the server logs what Datafold needs (`verification.onNoLineage`).
   */
  public static managedElsewhere(): StatementLog {
    return new StatementLog();
  }

  private constructor(
    /**
     * Undefined with `managedElsewhere()`.
     *
     * @internal
     */
    public readonly _options?: StatementLoggingOptions,
  ) {}
}
