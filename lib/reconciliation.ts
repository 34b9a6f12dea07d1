import { aws_cloudwatch as cloudwatch, aws_events as events, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { StatementLogging } from './statement-logging';
import type { ProvisionedResource } from './private/functions/provisioned-resource';
import { NAMESPACE } from './private/functions/task-metric';
import { TaskRule } from './private/functions/task-rule';
import type { LogsUserProperties } from './private/wire/resources';
import type { ReconcileTask } from './private/wire/tasks';

/** EventBridge takes 8,192 characters as the input of a rule; references become longer at deployment. */
const MAX_CHARACTERS = 7_000;

/** What a reconciliation looks after. */
interface ReconciliationProps {
  readonly access: ProvisionedResource;
  readonly serverName: string;
  readonly roleName: string;
  readonly every: Duration;
  readonly repair: boolean;
}

/**
 * A look at the server again and again: whether the grants, the default privileges, the statement log and its export are as the
 * deployment left them, whether the logs user still has the policy that limits its key, and whether the role passes Datafold's test.
 *
 * Made by `DatabaseAccess` where its prop `reconcile` asks for it.
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

  private constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { access, serverName, roleName, every, repair } = props;
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
        logsUsers: Lazy.any(
          { produce: () => this.logsUsers },
          { omitEmptyArray: true },
        ) as unknown as undefined,
      },
    });
    this.node.addValidation({ validate: () => this.tooLong(access) });
  }

  /** What the rule sends grows with the names in it. */
  private tooLong(access: ProvisionedResource): string[] {
    const { length } = JSON.stringify(
      Stack.of(this).resolve([
        access.properties,
        taskFor(this.logging),
        taskFor(this.logGroup),
        this.logsUsers,
      ]),
    );
    if (length <= MAX_CHARACTERS) return [];
    return [
      `\`reconcile\` does not fit what EventBridge takes: the settings have ${length} characters, ${MAX_CHARACTERS} at most. Leave out \`schemas\` to mean all, exclude some instead, or shorten \`caCertificate\` to the one authority that is needed`,
    ];
  }

  /**
   * Relations that the role should be able to read and can't.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricUnreadable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Unreadable', options);
  }

  /**
   * Relations that the role may read and that fail all the same, such as views whose owner may not read what is below them.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricFailing(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Failing', options);
  }

  /**
   * Relations of which row-level security may hide rows from the role; how many rows can't be known.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricFiltered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Filtered', options);
  }

  /**
   * Things that were not as the deployment left them, whether they were repaired or not.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricDrift(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Drift', options);
  }

  /**
   * 1 if a step of the verification failed or the server could not be looked at, else 0.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricVerificationFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('VerificationFailed', options);
  }

  /**
   * How long a look took, in milliseconds.
   *
   * @param options how to look at the metric
   * @default - the highest of each period of the schedule
   */
  public metricReconcileDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ReconcileDuration', options);
  }

  /**
   * Alarms for relations that can't be read, for drift and for a verification that failed, or that did not take place.
   *
   * @param actions what to do, such as a `SnsAction` of `aws-cloudwatch-actions`
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
    ];
    alarms.forEach((one) => one.addAlarmAction(...actions));
    return alarms;
  }

  /**
   * Inspects the statement log too: what a custom resource sets up of it.
   *
   * @internal
   */
  public _watch({ _resource, _logGroup }: StatementLogging): void {
    this.logging = _resource;
    this.logGroup = _logGroup;
  }

  /**
   * Looks after the user whose access key reads the statement log too.
   *
   * @internal
   */
  public _watchLogsUser(logsUser: LogsUserProperties): void {
    if (this.logsUsers.every(({ userName }) => userName !== logsUser.userName)) this.logsUsers.push(logsUser);
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

/** A custom resource that is looked after, as the task names it. */
function taskFor(watched: ProvisionedResource | undefined): ReconcileTask['statementLogging'] {
  if (!watched) return undefined;
  const { resource, properties } = watched;
  return { logicalResourceId: resource.logicalId, properties };
}
