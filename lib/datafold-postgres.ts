import {
  Annotations,
  CfnOutput,
  type aws_cloudwatch as cloudwatch,
  type aws_ec2 as ec2,
  aws_iam as iam,
  type aws_logs as logs,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CloudWatchLogsUser, type ICloudWatchLogsUser } from './cloudwatch-logs-user';
import { DataSource } from './data-source';
import { DatabaseAccess } from './database-access';
import type { DatafoldAllowlist } from './datafold-allowlist';
import type { DatafoldPostgresProps } from './datafold-postgres-props';
import type { DatafoldPrivateLink } from './datafold-private-link';
import { LogAccess } from './log-access';
import { datafoldProblems } from './private/datafold-problems';
import { taskFailedAlarm, taskFailedMetric } from './private/functions/task-metric';
import { InvalidPropsError, throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import { NETWORK_PATH_METADATA } from './private/wire/resources';
import type { Reconciliation } from './reconciliation';
import { StatementLog } from './statement-log';
import { StatementLogging } from './statement-logging';

/**
 * Sets up everything that Datafold needs to read a PostgreSQL server and to derive its column-level lineage.
 *
 * Combines the other constructs of this library, each of which can also be used alone.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new DatafoldPostgres(this, 'Datafold', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 * });
 */
export class DatafoldPostgres extends Construct implements ec2.IConnectable {
  /**
   * The construct that manages the statement log; undefined with `StatementLog.managedElsewhere()` and for an endpoint.
   */
  public readonly statementLogging?: StatementLogging;

  /**
   * The IAM user whose access key reads the statement log; undefined for an endpoint.
   */
  public readonly logsUser?: ICloudWatchLogsUser;

  /**
   * The PrivateLink path to the server; undefined if `networkAccess` does not create one.
   */
  public readonly privateLink?: DatafoldPrivateLink;

  /**
   * The security group rules for Datafold's addresses; undefined if `networkAccess` does not create them.
   */
  public readonly allowlist?: DatafoldAllowlist;

  /**
   * The role and its grants.
   */
  public readonly access: DatabaseAccess;

  /**
   * The data sources, one per database, in the order of `databases`.
   */
  public readonly dataSources: DataSource[];

  /**
   * The network connections of the function that runs the SQL.
   */
  public readonly connections: ec2.Connections;

  /**
   * The log group of the statement log; undefined with `StatementLog.managedElsewhere()` and for an endpoint.
   */
  public readonly logGroup?: logs.ILogGroup;

  /**
   * Whether Datafold could reach the server at the last deployment: `ok`, `pending:` while it has not connected through PrivateLink,
   * `failed:` and the reason, or `declared:` for a path that is not checked; undefined without `networkAccess`.
   *
   * `npx cdk-datafold-postgres doctor` reports the current status.
   */
  public readonly networkStatus?: string;

  private readonly databaseNames: string[];

  public constructor(scope: Construct, id: string, given: DatafoldPostgresProps) {
    super(scope, id);
    assertShape(this, given, 'DatafoldPostgresProps', ['server', 'databases']);
    const { databases, functions, encryptionKey, verification } = given;
    const isLogged = given.server.logGroupName !== undefined;
    const logging = isLogged ? (given.statementLog ?? StatementLog.managed())._options : undefined;
    if (logging) assertShape(this, logging, 'StatementLoggingOptions');
    throwIfAny(this, datafoldProblems(this, given, logging), given.server._spec.lookUpProblem);
    const path = given.networkAccess?._open(this, { ...given, datafoldUrl: given.registration?.host });
    this.privateLink = path?.privateLink;
    this.allowlist = path?.allowlist;
    const props = { ...given, server: path?.server ?? given.server };
    const { server } = props;

    if (logging)
      this.statementLogging = new StatementLogging(this, 'StatementLogging', {
        ...logging,
        server,
        functions,
      });
    this.logGroup = this.statementLogging?.logGroup;
    if (isLogged)
      this.logsUser =
        props.logsUser ??
        new CloudWatchLogsUser(this, 'LogsUser', {
          logAccess: LogAccess.serversOfStack(),
          encryptionKey,
          functions,
        });
    else this.warnOfNoLineage();
    const { statementLogging, logsUser } = this;
    this.access = new DatabaseAccess(this, 'Access', { ...props, statementLogging });
    this.connections = this.access.connections;
    if (path) this.access._resource.resource.addMetadata(NETWORK_PATH_METADATA, path.kind);
    if (path?.inspected) this.access.reconciliation?._watchNetwork(path.inspected);
    this.networkStatus = path?.status;
    if (path && verification?.outputs)
      new CfnOutput(this, 'Network', {
        value: path.status,
        description: 'Whether Datafold could reach the server at the last deployment',
      });
    this.databaseNames = databases.map(({ databaseName }) => databaseName);
    const scopeOfAll = new Construct(this, 'DataSources');
    this.dataSources = databases.map(
      ({ databaseName, dataSourceName }, i) =>
        new DataSource(scopeOfAll, dataSourceConstructId(databaseName, i), {
          access: this.access,
          databaseName,
          logsUser,
          dataSourceName,
          sslMode: props.sslMode,
          proveLineage: verification?.proveLineage,
          statementLogging,
          registration: props.registration,
          encryptionKey,
          functions,
        }),
    );
  }

  /**
   * Returns the data source of one database.
   *
   * @param databaseName the name of the database, as in `databases`
   */
  public dataSource(databaseName: string): DataSource {
    const found = this.dataSources[this.databaseNames.indexOf(databaseName)];
    if (found) return found;
    throw new InvalidPropsError(this.node.path, [
      `\`dataSource\` must be asked for one of \`databases\` (${this.databaseNames.join(', ')}), got: ${databaseName}`,
    ]);
  }

  /**
   * Grants a principal read access to the secrets of all data sources, which contain the password and the access key.
   *
   * @param grantee the principal to grant access to
   */
  public grantReadDataSources(grantee: iam.IGrantable): iam.Grant {
    const grants = this.dataSources.map((dataSource) => dataSource.grantRead(grantee));
    return grants.reduce((all, one) => all.combine(one));
  }

  /**
   * Grants a principal read access to the password of the role.
   *
   * @param grantee the principal to grant access to
   */
  public grantReadPassword(grantee: iam.IGrantable): iam.Grant {
    return this.access.grantRead(grantee);
  }

  /**
   * Metric that is 1 if a scheduled task failed, requires manual action or could not send its notice, else 0.
   *
   * Covers the rotations, renewals and reconciliations of the stack of this construct. `TaskFailed` in the namespace
   * `CdkDatafoldPostgres`, with the dimension `Provisioner` (the name of the function).
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over 1 hour
   */
  public metricTaskFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return taskFailedMetric(this.access._resource.provisioner, undefined, options);
  }

  /**
   * Metric for the number of bytes that CloudWatch ingests into the statement log, and charges for.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - sum over 1 hour
   */
  public metricIngestedBytes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const log = this.statementLogging;
    if (log) return log.metricIngestedBytes(options);
    throw this.missing('metricIngestedBytes', 'a statement log that this library manages');
  }

  /**
   * Metric for the number of relations that `reconcile` found the role unable to read although it should.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricUnreadable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.reconciliation('metricUnreadable').metricUnreadable(options);
  }

  /**
   * Metric for the number of differences from the deployed state that `reconcile` found, repaired or not.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricDrift(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.reconciliation('metricDrift').metricDrift(options);
  }

  /**
   * Metric that is 1 if `reconcile` failed a step of the verification or could not inspect the server, else 0.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricVerificationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.reconciliation('metricVerificationFailed').metricVerificationFailed(options);
  }

  /**
   * Adds an alarm for a scheduled task that failed or requires manual action.
   *
   * @param actions the actions of the alarm, such as an `SnsAction` of `aws-cloudwatch-actions`
   */
  public addTaskAlarm(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm {
    return taskFailedAlarm(this, this.metricTaskFailed(), actions);
  }

  private reconciliation(method: string): Reconciliation {
    const { reconciliation } = this.access;
    if (reconciliation) return reconciliation;
    throw this.missing(method, 'a reconciliation: give `reconcile`');
  }

  private missing(method: string, what: string): InvalidPropsError {
    return new InvalidPropsError(this.node.path, [`\`${method}\` needs ${what}`]);
  }

  private warnOfNoLineage(): void {
    Annotations.of(this).addWarningV2(
      'cdk-datafold-postgres:noLineage',
      'The statement log of an endpoint is not in CloudWatch: Datafold reads its tables but derives no column-level lineage',
    );
  }
}

/** Returns the construct id of a data source, based on the name so that the order of the databases does not matter. */
function dataSourceConstructId(databaseName: string, index: number): string {
  return Token.isUnresolved(databaseName) ? `Database${index}` : databaseName;
}
