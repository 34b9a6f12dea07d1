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
    return new LogAccess(logGroupName === undefined ? undefined : [logGroupName]);
  }

  /**
   * Several log groups, for a reader that serves several servers.
   *
   * @param logGroupNames the names of log groups, or their ARNs where they are in another region than the reader; `*` stands
   * for any characters, as in a policy of IAM
   */
  public static logGroups(logGroupNames: string[]): LogAccess {
    return new LogAccess(logGroupNames);
  }

  /**
   * By name or ARN; undefined for all, and for a single one that is yet to be named.
   *
   * @internal
   */
  public readonly _logGroups?: readonly string[];

  private constructor(
    logGroups: readonly string[] | undefined,
    /** @internal */ public readonly _all = false,
  ) {
    this._logGroups = logGroups;
  }

  /**
   * The same access with a name filled in where none was given.
   *
   * @internal
   */
  public _orElse(logGroupName: string | undefined): LogAccess {
    return this._isUnnamed ? LogAccess.singleLogGroup(logGroupName) : this;
  }

  /** @internal */
  public get _problems(): string[] {
    if (this._isUnnamed) return ['`logAccess` must name a log group: LogAccess.singleLogGroup(logGroupName)'];
    return this._logGroups?.length === 0
      ? ['`logAccess` must name a log group, got: LogAccess.logGroups([])']
      : [];
  }

  private get _isUnnamed(): boolean {
    return !this._all && !this._logGroups;
  }

  /**
   * The statements of a policy for this access, by the table of actions in the service authorization reference
   * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html).
   *
   * @internal
   */
  public _statements(stack: Stack): iam.PolicyStatement[] {
    const groups = (this._logGroups ?? []).map((group) => arnOf(group, stack));
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

/** `logGroupArn` of the CDK ends in `:*`, which stands for the streams. */
function arnOf(group: string, stack: Stack): string {
  if (group.startsWith('arn:')) return group.replace(/:\*$/, '');
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Arn.format({ service: 'logs', resource: 'log-group', resourceName: group, arnFormat }, stack);
}
