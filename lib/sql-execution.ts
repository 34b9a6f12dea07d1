import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/**
 * Options for SQL that a database administrator runs.
 */
export interface DbaExecutionOptions {
  /**
   * The secret whose whole value is the password that the administrator gives the role.
   */
  readonly passwordSecret: secretsmanager.ISecret;
}

/**
 * How the SQL that creates the role, its schema and its grants is run.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 * declare const passwordSecret: secretsmanager.Secret;
 *
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   sqlBy: SqlExecution.byDba({ passwordSecret }),
 * });
 */
export class SqlExecution {
  /**
   * A Lambda function of this library runs the SQL at deployment.
   */
  public static byFunction(): SqlExecution {
    return new SqlExecution();
  }

  /**
   * A database administrator runs the SQL by hand, before the stack is deployed.
   *
   * `npx cdk-datafold-postgres sql --help` explains how to print the statements. No administrator's secret is needed. The function
   * only logs in as the role and verifies it; the statement log, the logs user and the data sources are set up as usual.
   *
   * The administrator must run the statements with the names of the construct (`roleName`, `tempSchema`, the databases and
   * schemas), give the role the password in the secret, run the statements again for new schemas and new owners of tables, and run
   * those of `sql --remove` after the stack is deleted. A deployment before the statements are run fails at `connection`, unless
   * `verification.onFailedStep` is `FailurePolicy.WARN`.
   *
   * @param options the secret of the password
   */
  public static byDba(options: DbaExecutionOptions): SqlExecution {
    return new SqlExecution(options.passwordSecret);
  }

  private constructor(
    /** @internal */
    public readonly _passwordSecret?: secretsmanager.ISecret,
  ) {}
}
