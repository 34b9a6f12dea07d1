import { Arn, ArnFormat, type aws_logs as logs, type Stack, Token } from 'aws-cdk-lib';

/**
 * Which log groups Datafold may read.
 *
 * The user's own policy denies it the content of all others, whatever its group allows. What stays visible are the names and
 * settings of log groups and the texts of queries, which IAM can't narrow to a log group.
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
   * The statement logs of the servers of the user's stack that use it.
   *
   * Where servers of other stacks use the user too, and from 11 servers on: as `allPostgresLogGroups()`.
   */
  public static serversOfStack(): LogAccess {
    return new LogAccess('servers');
  }

  /**
   * These log groups.
   *
   * @param logGroups the log groups, of whatever region
   */
  public static logGroups(logGroups: logs.ILogGroup[]): LogAccess {
    return new LogAccess('named', logGroups);
  }

  /**
   * Log groups by their names.
   *
   * @param logGroupNames the names of log groups, or their ARNs where they are in another region than the user; `*` stands
   * for any characters, as in a policy of IAM
   */
  public static logGroupNames(logGroupNames: string[]): LogAccess {
    return new LogAccess('named', logGroupNames);
  }

  private constructor(
    private readonly kind: 'all' | 'postgres' | 'servers' | 'named',
    private readonly groups?: readonly (string | logs.ILogGroup)[],
  ) {}

  /**
   * The log groups by name, or by ARN where they are in another region than the stack of the user; undefined unless named.
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
   * The log groups as IAM has them, without `:*` for their streams.
   *
   * @internal
   */
  public _arns(stack: Stack): string[] {
    if (this.kind === 'postgres')
      return ['cluster', 'instance'].map((kind) => logGroupArn(`/aws/rds/${kind}/*/postgresql`, stack, '*'));
    return (this._named(stack) ?? []).map((group) =>
      // `logGroupArn` of the CDK ends in `:*`, which stands for the streams.
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
