/** The namespace of the metrics; the constructs use it too. */
export const NAMESPACE = 'CdkDatafoldPostgres';

/** The metrics of one run for a server. */
export interface Measures {
  /** Relations that the role should be able to read and can't read. */
  readonly Unreadable: number;
  /** Relations whose reading fails although the role may read them. */
  readonly Failing: number;
  /** Relations of which row-level security may hide rows. */
  readonly Filtered: number;
  /** Differences from the deployed state. */
  readonly Drift: number;
  /** 1 if a step of the verification failed or could not run. */
  readonly VerificationFailed: number;
  /** 1 if the network path of Datafold failed or could not be inspected; absent if the app declares no path. */
  readonly NetworkFailed?: number;
  /** Milliseconds. */
  readonly ReconcileDuration: number;
}

/**
 * Returns a line in the embedded metric format, from which CloudWatch creates metrics without further permissions
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
