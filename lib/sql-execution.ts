import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/**
 * What is left for this library to know where a database administrator runs the SQL.
 */
export interface DbaExecutionOptions {
  /**
   * The secret whose whole value is the password that the administrator gave the role.
   */
  readonly passwordSecret: secretsmanager.ISecret;
}

/**
 * Who makes the role, its schema and its grants.
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
   * The function of this library, when the stack is deployed.
   */
  public static byFunction(): SqlExecution {
    return new SqlExecution();
  }

  /**
   * A database administrator, by hand, before the stack is deployed.
   *
   * `npx cdk-datafold-postgres sql --help` tells how to print the statements. No administrator's secret is needed then. The
   * function only logs in as the role and verifies it; statement log, logs user and data sources are made as ever.
   *
   * Left to the administrator: to run the statements with the names that the construct has (`roleName`, `tempSchema`, the
   * databases and schemas), to give the role the password that the secret holds, to run them again for new schemas and new
   * owners of tables, and after the stack is deleted to run those of `sql --remove`. A deployment before that fails at
   * `connection`, unless `verification.onFailedStep` is `FailurePolicy.WARN`.
   *
   * @param options where the password is
   */
  public static byDba(options: DbaExecutionOptions): SqlExecution {
    return new SqlExecution(options.passwordSecret);
  }

  private constructor(
    /** @internal */
    public readonly _passwordSecret?: secretsmanager.ISecret,
  ) {}
}
