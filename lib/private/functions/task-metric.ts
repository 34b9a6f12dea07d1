import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Provisioner } from './provisioner';

/** The namespace of the metrics, as in lib/handler/provisioner/reconcile/metrics.ts. */
export const NAMESPACE = 'CdkDatafoldPostgres';

/** Returns the metric that is 1 if a task failed or requires manual action, as in lib/handler/provisioner/task-report.ts. */
export function taskFailedMetric(
  { function: fn }: Provisioner,
  task?: 'rotate-access-key' | 'rotate-password',
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName: 'TaskFailed',
    dimensionsMap: { Provisioner: fn.functionName, ...(task && { Task: task }) },
    statistic: cloudwatch.Stats.MAXIMUM,
    period: Duration.hours(1),
    ...options,
  });
}

/** Creates an alarm that is raised within the hour in which a task fails; missing data does not raise it. */
export function taskFailedAlarm(
  scope: Construct,
  metric: cloudwatch.Metric,
  actions: readonly cloudwatch.IAlarmAction[],
): cloudwatch.Alarm {
  const alarm = metric.createAlarm(scope, 'TaskFailedAlarm', {
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription:
      'A scheduled task for Datafold failed, or needs a person: a rotation, a renewal or a reconciliation. The log of the provisioner says which, why and what to do.',
  });
  alarm.addAlarmAction(...actions);
  return alarm;
}
