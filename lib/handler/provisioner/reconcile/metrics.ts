/** The namespace of the metrics; the constructs name it too. */
export const NAMESPACE = 'CdkDatafoldPostgres';

/** What one look at a server came to. */
export interface Measures {
  /** Relations that the role should be able to read and can't. */
  readonly Unreadable: number;
  /** Relations that the role may read and that fail all the same. */
  readonly Failing: number;
  /** Relations of which row-level security may hide rows. */
  readonly Filtered: number;
  /** Things that were not as the deployment left them. */
  readonly Drift: number;
  /** 1 if a step of the verification failed or could not be taken. */
  readonly VerificationFailed: number;
  /** In milliseconds. */
  readonly ReconcileDuration: number;
}

/**
 * A line of the embedded metric format: CloudWatch makes metrics of it, so no permission to put any is needed
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function metricsLine(at: number, server: string, role: string, measures: Measures): object {
  const unit = (name: string) => (name === 'ReconcileDuration' ? 'Milliseconds' : 'Count');
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['Server', 'Role']],
          Metrics: Object.keys(measures).map((Name) => ({ Name, Unit: unit(Name) })),
        },
      ],
    },
    Server: server,
    Role: role,
    ...measures,
  };
}
