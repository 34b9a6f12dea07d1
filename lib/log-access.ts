import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib';

/**
 * Which log groups Datafold may read.
 *
 * The user's own policy denies it the content of all others, whatever its group allows. What stays visible are the names and
 * settings of log groups and the texts of queries, which IAM can't narrow to a log group.
 */
export class LogAccess {
  /**
   * Every log group of the account, by the AWS managed policy `CloudWatchLogsReadOnlyAccess`, as Datafold's guide has it.
   *
   * Nothing is denied: the key reads the logs of all functions and services of the account.
   */
  public static allLogGroups(): LogAccess {
    return new LogAccess('all');
  }

  /**
   * The PostgreSQL logs of all clusters and instances of the account, in all regions.
   */
  public static allPostgresLogGroups(): LogAccess {
    return new LogAccess('postgres');
  }

  /**
   * One log group.
   *
   * @param logGroupName the log group; by default that of the server, where a server is at hand
   */
  public static singleLogGroup(logGroupName?: string): LogAccess {
    return new LogAccess('named', logGroupName === undefined ? undefined : [logGroupName]);
  }

  /**
   * Several log groups, for a logs user that serves several servers.
   *
   * @param logGroupNames the names of log groups, or their ARNs where they are in another region than the logs user; `*` stands
   * for any characters, as in a policy of IAM
   */
  public static logGroups(logGroupNames: string[]): LogAccess {
    return new LogAccess('named', logGroupNames);
  }

  private constructor(
    private readonly kind: 'all' | 'postgres' | 'named',
    /**
     * By name or ARN; undefined unless named.
     *
     * @internal
     */
    public readonly _logGroups?: readonly string[],
  ) {}

  /**
   * The same access with a name filled in where none was given.
   *
   * @internal
   */
  public _orElse(logGroupName: string | undefined): LogAccess {
    return this._isUnnamed ? LogAccess.singleLogGroup(logGroupName) : this;
  }

  /** @internal */
  public get _all(): boolean {
    return this.kind === 'all';
  }

  /** @internal */
  public get _problems(): string[] {
    if (this._isUnnamed) return ['`logAccess` must name a log group: LogAccess.singleLogGroup(logGroupName)'];
    return this._logGroups?.length === 0
      ? ['`logAccess` must name a log group, got: LogAccess.logGroups([])']
      : [];
  }

  private get _isUnnamed(): boolean {
    return this.kind === 'named' && !this._logGroups;
  }

  /**
   * The log groups as IAM has them, without `:*` for their streams.
   *
   * @internal
   */
  public _arns(stack: Stack): string[] {
    if (this.kind === 'postgres')
      return ['cluster', 'instance'].map((kind) => logGroupArn(`/aws/rds/${kind}/*/postgresql`, stack, '*'));
    return (this._logGroups ?? []).map((group) =>
      // `logGroupArn` of the CDK ends in `:*`, which stands for the streams.
      group.startsWith('arn:') ? group.replace(/:\*$/, '') : logGroupArn(group, stack),
    );
  }
}

function logGroupArn(resourceName: string, stack: Stack, region?: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Arn.format({ service: 'logs', resource: 'log-group', resourceName, arnFormat, region }, stack);
}
