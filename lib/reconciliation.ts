import { aws_cloudwatch as cloudwatch, aws_events as events, type Duration, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StatementLogging } from './statement-logging';
import type { ProvisionedResource } from './private/functions/provisioned-resource';
import { NAMESPACE } from './private/functions/task-metric';
import { TaskRule } from './private/functions/task-rule';
import type { LogsUserProperties, NetworkPathProperties } from './private/wire/resources';
import type { ReconcileTask } from './private/wire/tasks';

/** What a reconciliation inspects. */
interface ReconciliationProps {
  readonly access: ProvisionedResource;
  readonly serverName: string;
  readonly roleName: string;
  readonly every: Duration;
  readonly repair: boolean;
  readonly rotatesPassword: boolean;
}

/**
 * A scheduled inspection of the server for drift since the last deployment.
 *
 * Checks whether the grants, the default privileges, the statement log and its export are as deployed, whether the logs user still
 * has the policy that limits its access key, whether the settings of the password rotation exist, whether Datafold has a network
 * path, and whether the role passes Datafold's test. Created by `DatabaseAccess` with the prop `reconcile`.
 *
 * @example
 * declare const cluster: rds.DatabaseCluster;
 * declare const topic: sns.Topic;
 *
 * const access = new DatabaseAccess(this, 'Access', {
 *   server: PostgresServer.auroraCluster(cluster),
 *   databases: [{ databaseName: 'app' }],
 *   reconcile: { every: Duration.hours(6), repair: true },
 * });
 * access.reconciliation!.addAlarms(new cloudwatch_actions.SnsAction(topic));
 */
export class Reconciliation extends Construct {
  /** @internal */
  public static _of(scope: Construct, props: ReconciliationProps): Reconciliation {
    return new Reconciliation(scope, 'Reconciliation', props);
  }

  private readonly dimensionsMap: Record<string, string>;
  private readonly every: Duration;
  private logging?: ProvisionedResource;
  private logGroup?: ProvisionedResource;
  private readonly logsUsers: LogsUserProperties[] = [];
  private network?: NetworkPathProperties;

  private constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { access, serverName, roleName, every, repair, rotatesPassword } = props;
    this.every = every;
    this.dimensionsMap = { Server: serverName, Role: roleName };
    new TaskRule<ReconcileTask>(this, 'Rule', {
      of: access,
      description: 'Looks whether the access of Datafold to PostgreSQL is as it was deployed',
      schedule: events.Schedule.rate(every).expressionString,
      task: {
        datafoldTask: 'reconcile',
        properties: access.properties,
        repair: repair ? 'true' : 'false',
        serverName,
        statementLogging: Lazy.any({ produce: () => taskFor(this.logging) }) as unknown as undefined,
        logGroup: Lazy.any({ produce: () => taskFor(this.logGroup) }) as unknown as undefined,
        network: Lazy.any({ produce: () => this.network }) as unknown as undefined,
        logsUsers: Lazy.any(
          { produce: () => this.logsUsers },
          { omitEmptyArray: true },
        ) as unknown as undefined,
        rotatesPassword: rotatesPassword ? 'true' : undefined,
      },
      shorten:
        'leave out `schemas` to mean all, exclude some instead, or shorten `caCertificate` to the one authority that is needed',
    });
  }

  /**
   * Metric for the number of relations that the role cannot read although it should.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricUnreadable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Unreadable', options);
  }

  /**
   * Metric for the number of relations that fail although the role has SELECT on them.
   *
   * For example, views whose owner may not read the underlying tables.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricFailing(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Failing', options);
  }

  /**
   * Metric for the number of relations whose rows row-level security may hide from the role.
   *
   * The number of hidden rows is unknown.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricFiltered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Filtered', options);
  }

  /**
   * Metric for the number of differences from the deployed state, repaired or not.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricDrift(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Drift', options);
  }

  /**
   * Metric that is 1 if a step of the verification failed or the server could not be inspected, else 0.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricVerificationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('VerificationFailed', options);
  }

  /**
   * Metric that is 1 if the network path of Datafold failed or could not be inspected, else 0.
   *
   * It is 0 while Datafold has not connected through PrivateLink yet, and for a path that exists. Without `networkAccess`, or with the
   * PrivateLink of another stack, there is no data.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricNetworkFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NetworkFailed', options);
  }

  /**
   * Metric for the duration of an inspection, in milliseconds.
   *
   * @param options properties of the metric, such as its statistic and period
   * @default - maximum over one period of the schedule
   */
  public metricReconcileDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ReconcileDuration', options);
  }

  /**
   * Adds alarms for unreadable relations, for drift, and for a verification that failed or did not run.
   *
   * Adds another alarm for the network path of Datafold if `networkAccess` opens one in this stack.
   *
   * @param actions the actions of the alarm, such as an `SnsAction` of `aws-cloudwatch-actions`
   */
  public addAlarms(...actions: cloudwatch.IAlarmAction[]): cloudwatch.Alarm[] {
    const { BREACHING, NOT_BREACHING } = cloudwatch.TreatMissingData;
    const { Server, Role } = this.dimensionsMap;
    const alarm = (
      id: string,
      metric: cloudwatch.Metric,
      what: string,
      treatMissingData: cloudwatch.TreatMissingData,
    ) =>
      metric.createAlarm(this, id, {
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData,
        alarmDescription: `${what}: role ${Role} on ${Server}. The log of the provisioner names each finding.`,
      });
    const alarms = [
      alarm('UnreadableAlarm', this.metricUnreadable(), 'Datafold can not read all it should', NOT_BREACHING),
      alarm('DriftAlarm', this.metricDrift(), 'Something is not as it was deployed', NOT_BREACHING),
      alarm(
        'VerificationFailedAlarm',
        this.metricVerificationFailed(),
        'Datafold can not do its work, or nobody looked whether it can',
        BREACHING,
      ),
      ...(this.network && this.network.kind !== 'declared'
        ? [
            alarm(
              'NetworkFailedAlarm',
              this.metricNetworkFailed(),
              'Datafold can not reach the server',
              NOT_BREACHING,
            ),
          ]
        : []),
    ];
    alarms.forEach((one) => one.addAlarmAction(...actions));
    return alarms;
  }

  /**
   * Also inspects the settings of the statement log that custom resources manage.
   *
   * @internal
   */
  public _watch({ _resource, _logGroup }: StatementLogging): void {
    this.logging = _resource;
    this.logGroup = _logGroup;
  }

  /**
   * Also inspects the IAM user whose access key reads the statement log.
   *
   * @internal
   */
  public _watchLogsUser(logsUser: LogsUserProperties): void {
    if (this.logsUsers.every(({ userName }) => userName !== logsUser.userName)) this.logsUsers.push(logsUser);
  }

  /**
   * Also inspects the network path of Datafold, with the permissions of the constructs that open it.
   *
   * @internal
   */
  public _watchNetwork(network: NetworkPathProperties): void {
    this.network = network;
  }

  private metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const { dimensionsMap } = this;
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap,
      statistic: cloudwatch.Stats.MAXIMUM,
      period: this.every,
      ...options,
    });
  }
}

/** Returns the part of the task that describes an inspected custom resource. */
function taskFor(watched: ProvisionedResource | undefined): ReconcileTask['statementLogging'] {
  if (!watched) return undefined;
  const { resource, properties } = watched;
  return { logicalResourceId: resource.logicalId, properties };
}
