import { aws_iam as iam, Arn, ArnFormat, type Stack } from 'aws-cdk-lib';

/**
 * Which log groups Datafold may read.
 */
export class LogAccess {
  /**
   * Every log group of the account, by the AWS managed policy `CloudWatchLogsReadOnlyAccess`, as Datafold's guide has it.
   */
  public static allLogGroups(): LogAccess {
    return new LogAccess(undefined, true);
  }

  /**
   * One log group, and the names of the others (the action that lists them can't be narrowed).
   *
   * @param logGroupName the log group; by default that of the server, where a server is at hand
   */
  public static singleLogGroup(logGroupName?: string): LogAccess {
    return new LogAccess(logGroupName ? [logGroupName] : [], false);
  }

  /**
   * Several log groups, for a reader that serves several servers.
   *
   * @param logGroupNames the log groups
   */
  public static logGroups(logGroupNames: string[]): LogAccess {
    return new LogAccess(logGroupNames, false);
  }

  private constructor(
    private readonly logGroupNames: string[] | undefined,
    /** @internal */ public readonly _all: boolean,
  ) {}

  /**
   * The same access with a name filled in where none was given.
   *
   * @internal
   */
  public _orElse(logGroupName: string | undefined): LogAccess {
    return this.logGroupNames?.length === 0 && logGroupName ? LogAccess.singleLogGroup(logGroupName) : this;
  }

  /** @internal */
  public get _problems(): string[] {
    return this.logGroupNames?.length === 0
      ? ['`logAccess` must name a log group: LogAccess.singleLogGroup(logGroupName)']
      : [];
  }

  /**
   * The statements of a policy for this access, by the table of actions in the service authorization reference
   * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html).
   *
   * @internal
   */
  public _statements(stack: Stack): iam.PolicyStatement[] {
    const groups = (this.logGroupNames ?? []).map((resourceName) =>
      Arn.format(
        { service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
        stack,
      ),
    );
    return [
      new iam.PolicyStatement({
        actions: [
          'logs:FilterLogEvents',
          'logs:GetLogEvents',
          'logs:GetLogGroupFields',
          'logs:GetLogRecord',
          'logs:DescribeLogStreams',
          'logs:StartQuery',
          'logs:GetQueryResults',
        ],
        resources: groups.flatMap((arn) => [arn, `${arn}:*`]),
      }),
      new iam.PolicyStatement({
        actions: ['logs:DescribeLogGroups', 'logs:DescribeQueries', 'logs:StopQuery'],
        resources: ['*'],
      }),
    ];
  }
}
