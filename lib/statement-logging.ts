import {
  aws_cloudwatch as cloudwatch,
  type aws_events as events,
  aws_logs as logs,
  Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { databaseResource } from './private/server/database-resource';
import { warnOfRotations } from './private/rotation/foreign-rotation';
import { deletedLogFilesRule } from './private/statement-log/deleted-log-files';
import type { ServerSpec } from './private/server/server-spec';
import { validateLogClass } from './private/statement-log/log-class';
import { excludeFromLog } from './private/statement-log/log-exclusions';
import { logAtSynth } from './private/statement-log/logging-at-synth';
import { logAtDeployment } from './private/statement-log/logging-at-deployment';
import { loggingProblems } from './private/statement-log/logging-problems';
import { throwIfAny } from './private/problems';
import { assertShape } from './private/props-shape';
import type { ProvisionedResource } from './private/functions/provisioned-resource';
import type { IngestedBytesAlarmOptions, StatementLoggingProps } from './statement-logging-props';

/**
 * Turns on the log of the statements from which Datafold derives its lineage, and its export to CloudWatch.
 *
 * `log_statement` is set to `mod`, which logs DDL and data-modifying statements. A server with `all` is not changed.
 *
 * A server that this app defines is changed in the template: the parameter is added to a parameter group of this app, and a default
 * parameter group of AWS, which cannot be modified, is replaced by a group of the same family. On an existing cluster a new
 * parameter group takes effect only after a reboot of its instances, which CloudFormation may do during the deployment.
 *
 * Any other server is changed at deployment through the RDS API, and restored when the stack is deleted.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 *
 * new StatementLogging(this, 'StatementLogging', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   logRetention: LogRetention.atLeast(logs.RetentionDays.ONE_MONTH),
 * });
 */
export class StatementLogging extends Construct {
  /**
   * The CloudWatch log group of the statement log.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * Defined only for a server that is changed at deployment.
   *
   * @internal
   */
  public readonly _resource?: ProvisionedResource;

  /**
   * Defined only for a server of this app, if a prop requests settings of its log group.
   *
   * @internal
   */
  public readonly _logGroup?: ProvisionedResource;

  /** @internal */
  public readonly _server: ServerSpec;

  public constructor(scope: Construct, id: string, props: StatementLoggingProps) {
    super(scope, id);
    assertShape(this, props, 'StatementLoggingProps', ['server']);
    throwIfAny(this, loggingProblems(this, props), props.server._spec.lookUpProblem);
    this._server = props.server._spec;
    this.logGroup = logs.LogGroup.fromLogGroupName(this, 'StatementLog', props.server.logGroupName!);
    const resource = databaseResource(props.server._spec);
    if (resource) this._logGroup = logAtSynth(this, resource, props);
    else this._resource = logAtDeployment(this, props);
    excludeFromLog(this, props);
    validateLogClass(this, props.server._spec);
    warnOfRotations(this, props.server._spec);
  }

  /**
   * Metric for the number of bytes that CloudWatch ingests into the statement log, and charges for.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - sum over 1 hour
   */
  public metricIngestedBytes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Logs',
      metricName: 'IncomingBytes',
      dimensionsMap: { LogGroupName: this.logGroup.logGroupName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.hours(1),
      ...options,
    });
  }

  /**
   * Adds an alarm for a statement log that grows faster than expected.
   *
   * CloudWatch charges for each ingested byte, and again for scanning it if data is masked. Add an action to the alarm to be notified.
   *
   * @param id the id of the alarm in this construct
   * @param options the threshold and the period of the alarm
   */
  public addIngestedBytesAlarm(id: string, options: IngestedBytesAlarmOptions): cloudwatch.Alarm {
    const period = options.period ?? Duration.hours(1);
    return this.metricIngestedBytes({ period }).createAlarm(this, id, {
      threshold: options.threshold.toBytes(),
      evaluationPeriods: options.evaluationPeriods ?? 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription: `The statement log ${this.logGroup.logGroupName} grows faster than expected`,
    });
  }

  /**
   * Adds an event rule for log files that Aurora deletes, possibly before they are published to CloudWatch.
   *
   * Lineage from the statements in such a file is lost. Matches `RDS-EVENT-0610` (the retention has expired) and `RDS-EVENT-0611`
   * (storage is low). Use a topic as the target to be notified. If the instances of a cluster are not known, the rule matches all
   * instances of the account and region.
   *
   * @param id the id of the rule in this construct
   * @param options the target and other options of the rule
   */
  public onLogFilesDeleted(id: string, options?: events.OnEventOptions): events.Rule {
    return deletedLogFilesRule(this, id, this._server, options);
  }

  /**
   * Notices of the last deployment, such as instances that wait for a reboot.
   *
   * Empty if there are none; undefined for a server of this app.
   *
   * @attribute
   */
  public get notices(): string | undefined {
    return this._resource?.attribute('Notices');
  }

  /**
   * The instances that waited for a reboot to apply the parameter group at the last deployment, separated by commas.
   *
   * Empty if there are none; undefined for a server of this app.
   *
   * @attribute
   */
  public get pendingReboot(): string | undefined {
    return this._resource?.attribute('PendingReboot');
  }

  /**
   * The name of the parameter group that the server used at the last deployment; undefined for a server of this app.
   *
   * @attribute
   */
  public get parameterGroupName(): string | undefined {
    return this._resource?.attribute('ParameterGroupName');
  }
}
