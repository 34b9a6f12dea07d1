import { Arn, ArnFormat, type aws_logs as logs, type Stack, Token } from 'aws-cdk-lib';

/**
 * The log groups that Datafold may read.
 *
 * A policy of the IAM user denies the content of all other log groups, whatever the group of the user allows. The names and
 * settings of all log groups, and the texts of queries, stay visible: IAM cannot restrict those actions to a log group.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * const logsUser = new CloudWatchLogsUser(this, 'LogsUser', {
 *   logAccess: LogAccess.logGroupNames(['/aws/rds/cluster/orders/postgresql', '/aws/rds/cluster/sales/postgresql']),
 * });
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   logsUser,
 * });
 */
export class LogAccess {
  /**
   * All log groups of the account, with the AWS managed policy `CloudWatchLogsReadOnlyAccess` as in Datafold's guide.
   *
   * No log group is denied: the access key can read the logs of all functions and services of the account.
   */
  public static allLogGroups(): LogAccess {
    return new LogAccess('all');
  }

  /**
   * The PostgreSQL logs of all Aurora clusters and RDS instances of the account, in all regions.
   */
  public static allPostgresLogGroups(): LogAccess {
    return new LogAccess('postgres');
  }

  /**
   * The statement logs of those servers in the user's stack that use the user.
   *
   * Equals `allPostgresLogGroups()` if servers of other stacks use the user too, or if there are more than 10 servers.
   */
  public static serversOfStack(): LogAccess {
    return new LogAccess('servers');
  }

  /**
   * Specific log groups.
   *
   * @param logGroups the log groups, in any region
   */
  public static logGroups(logGroups: logs.ILogGroup[]): LogAccess {
    return new LogAccess('named', logGroups);
  }

  /**
   * Specific log groups, by name.
   *
   * @param logGroupNames the names of the log groups, or their ARNs if they are in another region than the user; `*` matches
   * any characters, as in an IAM policy
   */
  public static logGroupNames(logGroupNames: string[]): LogAccess {
    return new LogAccess('named', logGroupNames);
  }

  private constructor(
    private readonly kind: 'all' | 'postgres' | 'servers' | 'named',
    private readonly groups?: readonly (string | logs.ILogGroup)[],
  ) {}

  /**
   * The log groups by name, or by ARN if they are in another region than the user's stack; undefined unless specific ones are given.
   *
   * @internal
   */
  public _named(stack: Stack): string[] | undefined {
    return this.groups?.map((group) => {
      if (typeof group === 'string') return group;
      return isElsewhere(group, stack) ? group.logGroupArn : group.logGroupName;
    });
  }

  /** @internal */
  public get _ofServers(): boolean {
    return this.kind === 'servers';
  }

  /** @internal */
  public get _all(): boolean {
    return this.kind === 'all';
  }

  /** @internal */
  public get _problems(): string[] {
    return this.groups?.length === 0 ? ['`logAccess` must name a log group, got an empty list'] : [];
  }

  /**
   * The ARNs of the log groups as in an IAM policy, without `:*` for their log streams.
   *
   * @internal
   */
  public _arns(stack: Stack): string[] {
    if (this.kind === 'postgres')
      return ['cluster', 'instance'].map((kind) => logGroupArn(`/aws/rds/${kind}/*/postgresql`, stack, '*'));
    return (this._named(stack) ?? []).map((group) =>
      // `logGroupArn` of the CDK ends in `:*`, which stands for the log streams.
      group.startsWith('arn:') ? group.replace(/:\*$/, '') : logGroupArn(group, stack),
    );
  }
}

function isElsewhere({ env }: logs.ILogGroup, { region }: Stack): boolean {
  return !Token.isUnresolved(env.region) && env.region !== region;
}

function logGroupArn(resourceName: string, stack: Stack, region?: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Arn.format({ service: 'logs', resource: 'log-group', resourceName, arnFormat, region }, stack);
}
