import type { aws_logs as logs } from 'aws-cdk-lib';

/**
 * The retention of a log group that may already have a retention.
 *
 * @example
 * const statementLog = StatementLog.managed({
 *   logRetention: LogRetention.exactly(logs.RetentionDays.TWO_WEEKS),
 * });
 */
export class LogRetention {
  /**
   * A minimum retention: a longer retention of the log group is kept.
   *
   * @param days the minimum retention
   */
  public static atLeast(days: logs.RetentionDays): LogRetention {
    return new LogRetention(days, false);
  }

  /**
   * An exact retention, which also shortens a longer retention of the log group.
   *
   * CloudWatch deletes log events that are older.
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
