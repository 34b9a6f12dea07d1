import type { Duration } from 'aws-cdk-lib';

/**
 * How often to look whether all is as the deployment left it, and what to do if it is not.
 */
export interface ReconcileOptions {
  /**
   * How often to look; from an hour to a day, so that an alarm can tell when it stops.
   *
   * @default Duration.days(1)
   */
  readonly every?: Duration;

  /**
   * Whether what is lacking is repaired: grants, default privileges, and the statement log of a server that this app does not
   * define. Nothing is ever rebooted.
   *
   * Without it, it is only told: in the log of the provisioner, one line each, and by the metrics.
   *
   * @default false
   */
  readonly repair?: boolean;
}
