import type { Duration } from 'aws-cdk-lib';

/**
 * Options of the scheduled inspection for drift since the last deployment.
 */
export interface ReconcileOptions {
  /**
   * The interval between inspections, from one hour to one day.
   *
   * The maximum allows an alarm to detect missing inspections.
   *
   * @default Duration.days(1)
   */
  readonly every?: Duration;

  /**
   * Whether drift is repaired.
   *
   * Restores grants, default privileges, and the statement log of an imported server. No instance is ever rebooted. Without
   * `repair`, drift is only reported: in the log of the provisioner, one line per finding, and by the metrics.
   *
   * @default false
   */
  readonly repair?: boolean;
}
