import type { aws_logs as logs } from 'aws-cdk-lib';

/**
 * How long a log group is kept, which may have a retention already that somebody else chose.
 *
 * @example
 * const statementLog = StatementLog.managed({
 *   logRetention: LogRetention.exactly(logs.RetentionDays.TWO_WEEKS),
 * });
 */
export class LogRetention {
  /**
   * At least so long: a longer retention that the log group has stays.
   *
   * @param days the retention
   */
  public static atLeast(days: logs.RetentionDays): LogRetention {
    return new LogRetention(days, false);
  }

  /**
   * So long, also where the log group was given a longer retention before. CloudWatch deletes what is older.
   *
   * @param days the retention
   */
  public static exactly(days: logs.RetentionDays): LogRetention {
    return new LogRetention(days, true);
  }

  private constructor(
    /** @internal */
    public readonly _days: logs.RetentionDays,
    /** @internal */
    public readonly _shortens: boolean,
  ) {}
}
