import {
  aws_cloudwatch as cloudwatch,
  Duration,
  type aws_elasticloadbalancingv2 as elbv2,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Returns a metric of a target group, with one value per minute (Network Load Balancers user guide, "CloudWatch metrics"). */
export function targetsMetric(
  metricName: 'HealthyHostCount' | 'UnHealthyHostCount',
  loadBalancer: elbv2.INetworkLoadBalancer,
  targetGroup: elbv2.NetworkTargetGroup,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  const { MINIMUM, MAXIMUM } = cloudwatch.Stats;
  return new cloudwatch.Metric({
    namespace: 'AWS/NetworkELB',
    metricName,
    dimensionsMap: {
      LoadBalancer: (loadBalancer as elbv2.NetworkLoadBalancer).loadBalancerFullName,
      TargetGroup: targetGroup.targetGroupFullName,
    },
    statistic: metricName === 'HealthyHostCount' ? MINIMUM : MAXIMUM,
    period: Duration.minutes(1),
    ...options,
  });
}

/** Creates an alarm that is raised when no target has been healthy for three minutes, which is longer than a failover takes. */
export function healthyTargetsAlarm(
  scope: Construct,
  metric: cloudwatch.Metric,
  server: string,
  actions: readonly cloudwatch.IAlarmAction[],
): cloudwatch.Alarm {
  const alarm = metric.createAlarm(scope, 'NoHealthyTargetAlarm', {
    threshold: 1,
    evaluationPeriods: 3,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription: `Datafold can not reach the ${server}: no target of its load balancer is healthy. The log of the provisioner says what was registered.`,
  });
  alarm.addAlarmAction(...actions);
  return alarm;
}
