import { Annotations, type aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AccessKeyRotation } from './access-key-rotation';
import { CloudWatchLogsUser, type ICloudWatchLogsUser } from './cloudwatch-logs-user';
import { DataSource } from './data-source';
import { DatabaseAccess } from './database-access';
import type { DatabaseAccessOptions } from './database-access-props';
import type { LogAccess } from './log-access';
import { dataSourceConstructId } from './private/data-source/data-source-id';
import { datafoldProblems } from './private/datafold-problems';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import { InvalidPropsError, throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import type { Registration } from './registration';
import type { SslMode } from './ssl-mode';
import { StatementLogging } from './statement-logging';
import type { StatementLoggingOptions } from './statement-logging-props';
import { VerificationPolicy } from './verification-policy';

/**
 * All that Datafold needs of a PostgreSQL server.
 */
export interface DatafoldPostgresProps extends DatabaseAccessOptions, StatementLoggingOptions {
  /**
   * The access key for the statement log; one logs user can serve many servers.
   *
   * @default - one is made, but none for an endpoint, which has no statement log in CloudWatch
   */
  readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The log groups that the logs user which is made may read.
   *
   * `LogAccess.singleLogGroup()` means that of the server.
   *
   * @default - those of the servers that use it; the PostgreSQL logs of all servers of the account where servers of other stacks do
   */
  readonly logAccess?: LogAccess;

  /**
   * The addresses from which the access key of the logs user that is made works, as CIDR ranges of IPv4 or IPv6.
   *
   * Those of Datafold's servers are in its documentation.
   *
   * @default - it works from anywhere
   */
  readonly sourceIps?: string[];

  /**
   * Replaces the access key of the logs user that is made from time to time.
   *
   * @default - the key stays the same
   */
  readonly rotateAccessKey?: AccessKeyRotation;

  /**
   * Whether the server is made to log its statements and to export that log.
   *
   * Without it somebody else must see to it, or Datafold draws no column-level lineage.
   *
   * @default true, but false for an endpoint
   */
  readonly statementLogging?: boolean;

  /**
   * How Datafold checks the server's certificate.
   *
   * Datafold gets the certificates of the authorities: the `caCertificate` of the server, else those of RDS in its region. It also
   * works through PrivateLink, where Datafold keeps the host name of RDS. Through an SSH tunnel it connects to another name: give
   * `REQUIRE` there.
   *
   * @default SslMode.VERIFY_FULL, but SslMode.REQUIRE for an endpoint without a `caCertificate` that is known at synth
   */
  readonly sslMode?: SslMode;

  /**
   * Whether the deployment proves that lineage gets to Datafold.
   *
   * A statement is run as the role, and found in the statement log with the access key that Datafold gets. The deployment fails
   * where it does not arrive within 5 minutes, and says which link is broken: not logged, not exported, wrong group, wrong
   * log class, key not allowed. Where instances wait for a reboot it is pending, and `lineageProofNotice` of the data source says so.
   *
   * @default false
   */
  readonly proveLineage?: boolean;

  /**
   * Makes the data sources in Datafold itself, and waits for Datafold's own test of each.
   *
   * @default - none: the values of the secrets are given to Datafold by whoever may read them
   */
  readonly registration?: Registration;
}

/**
 * Sets up everything that Datafold needs to read a PostgreSQL server and to draw its column-level lineage.
 *
 * ```ts
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 * });
 * ```
 *
 * It only puts the other constructs of this library together; each can be used alone.
 */
export class DatafoldPostgres extends Construct {
  /**
   * The statement log of the server; undefined where it is left alone.
   */
  public readonly statementLogging?: StatementLogging;

  /**
   * The logs user of the statement log; undefined for an endpoint.
   */
  public readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The role and its grants.
   */
  public readonly access: DatabaseAccess;

  /**
   * The data sources, one per database, in the order of `databases`.
   */
  public readonly dataSources: DataSource[];

  private readonly databaseNames: string[];

  public constructor(scope: Construct, id: string, props: DatafoldPostgresProps) {
    super(scope, id);
    assertShape(this, props, ['server', 'databases']);
    this.databaseNames = props.databases.map(({ databaseName }) => databaseName);
    const { server } = props;
    throwIfAny(this, datafoldProblems(this, props), server._spec.lookUpProblem);

    if (server.logGroupName) {
      if (props.statementLogging ?? true)
        this.statementLogging = new StatementLogging(this, 'StatementLogging', props);
      this.logsUser = props.logsUser ?? this.makeLogsUser(props);
    } else {
      this.warnOfNoLineage();
    }
    this.access = new DatabaseAccess(this, 'Access', {
      ...props,
      lineageVerification:
        props.lineageVerification ??
        (this.statementLogging ? VerificationPolicy.FAIL : VerificationPolicy.WARN),
    });
    if (this.statementLogging) this.access.node.addDependency(this.statementLogging);
    if (this.statementLogging?._resource) {
      this.access._verifyAfter(this.statementLogging._resource);
      this.access.reconciliation?._watch(this.statementLogging._resource);
    }
    if (this.statementLogging?._logGroup)
      this.access.reconciliation?._watchLogGroup(this.statementLogging._logGroup);
    const scopeOfAll = new Construct(this, 'DataSources');
    this.dataSources = props.databases.map(
      ({ databaseName, dataSourceName }, i) =>
        new DataSource(scopeOfAll, dataSourceConstructId(databaseName, i), {
          ...props,
          databaseName,
          dataSourceName,
          access: this.access,
          logsUser: this.logsUser,
        }),
    );
    const logging = this.statementLogging?._resource;
    if (logging) this.dataSources.forEach((dataSource) => dataSource._proveAfter(logging));
  }

  /**
   * The data source of one database.
   *
   * @param databaseName the name of the database, as in `databases`
   */
  public dataSource(databaseName: string): DataSource {
    const names = this.databaseNames;
    const found = this.dataSources[names.indexOf(databaseName)];
    if (found) return found;
    throw new InvalidPropsError(this.node.path, [
      `\`dataSource\` must be asked for one of \`databases\` (${names.join(', ')}), got: ${databaseName}`,
    ]);
  }

  /**
   * 1 if a scheduled task failed, needs a person or could not notify one, else 0: rotations, renewals and reconciliations of this construct's stack.
   *
   * In the namespace `CdkDatafoldPostgres`: `TaskFailed`, by the name of the function (`Provisioner`).
   *
   * @param options how to look at the metric
   * @default - the highest of each hour
   */
  public metricTaskFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this.access._resource.provisioner, undefined, options);
  }

  /**
   * An alarm for a scheduled task that failed or needs a person.
   *
   * @param actions what to do, such as a `SnsAction` of `aws-cloudwatch-actions`
   */
  public addTaskAlarm(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm {
    return taskFailedAlarm(this, this.metricTaskFailed(), actions);
  }

  private makeLogsUser({
    server: { logGroupName },
    logAccess,
    sourceIps,
    encryptionKey,
    handlerCode,
    revision,
    rotateAccessKey,
  }: DatafoldPostgresProps): CloudWatchLogsUser {
    const logsUser = new CloudWatchLogsUser(this, 'LogsUser', {
      logAccess: logAccess?._orElse(logGroupName),
      sourceIps,
      encryptionKey,
      handlerCode,
      revision,
      rotateAccessKey,
    });
    logsUser._serve(this, logGroupName, true);
    return logsUser;
  }

  private warnOfNoLineage(): void {
    Annotations.of(this).addWarningV2(
      'cdk-datafold-postgres:noLineage',
      'The statement log of an endpoint is not in CloudWatch: Datafold reads its tables but draws no column-level lineage',
    );
  }
}
