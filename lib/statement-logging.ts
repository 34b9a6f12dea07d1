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
 * Makes a server log the statements from which Datafold derives its lineage, and export that log to CloudWatch.
 *
 * `log_statement` becomes `mod`: definitions and changes of data; a server that logs `all` is left at it.
 *
 * A server of this app is changed in the template: a parameter group of this app gets the parameter, one of AWS's default
 * groups, which nobody can change, is replaced by a group of the same family. On a cluster that is deployed already another
 * group takes effect only when its instances are rebooted, which CloudFormation may do during the deployment.
 *
 * Any other server is changed when the stack is deployed, through the API of RDS, and restored when the stack is deleted.
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
   * The CloudWatch log group that holds the statement log.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * Only where the server is changed at deployment.
   *
   * @internal
   */
  public readonly _resource?: ProvisionedResource;

  /**
   * Only for a server of this app, where something is wanted of its log group.
   *
   * @internal
   */
  public readonly _logGroup?: ProvisionedResource;

  /** @internal */
  public readonly _server: ServerSpec;

  public constructor(scope: Construct, id: string, props: StatementLoggingProps) {
    super(scope, id);
    assertShape(this, props, ['server']);
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
   * The bytes that the server writes into its statement log; CloudWatch charges for them.
   *
   * @param options how to look at the metric
   * @default - the sum of each hour
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
   * An alarm for a statement log that grows faster than expected: each byte costs, and costs again where data is masked.
   *
   * Add an action to it to be notified.
   *
   * @param id the id of the alarm in this construct
   * @param options how much is too much
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
   * A rule for log files that Aurora deletes, maybe before they are published to CloudWatch: a hole in the lineage.
   *
   * `RDS-EVENT-0610` (past their retention) and `RDS-EVENT-0611` (for want of storage). Give it a topic as its target to be
   * notified. For a cluster that names no instances it is a rule for all of the account and region.
   *
   * @param id the id of the rule in this construct
   * @param options the target, and what else a rule may have
   */
  public onLogFilesDeleted(id: string, options?: events.OnEventOptions): events.Rule {
    return deletedLogFilesRule(this, id, this._server, options);
  }

  /**
   * What was found when the stack was deployed last and a person should know, such as instances that wait for a reboot.
   *
   * Empty where there is nothing to say; undefined for a server of this app.
   *
   * @attribute
   */
  public get notices(): string | undefined {
    return this._resource?.attribute('Notices');
  }

  /**
   * The instances that did not have the parameter group in effect when the stack was deployed last, with commas between.
   *
   * Empty where all have; undefined for a server of this app.
   *
   * @attribute
   */
  public get pendingReboot(): string | undefined {
    return this._resource?.attribute('PendingReboot');
  }

  /**
   * The parameter group that was associated when the stack was deployed last; undefined for a server of this app.
   *
   * @attribute
   */
  public get parameterGroupName(): string | undefined {
    return this._resource?.attribute('ParameterGroupName');
  }
}
