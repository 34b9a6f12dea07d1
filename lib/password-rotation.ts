import type { aws_sns as sns, Duration } from 'aws-cdk-lib';

/**
 * Rotation of the password of the role on a schedule, by Secrets Manager.
 *
 * The rotation functions of AWS send each new password to the server in clear text, so it would appear in the log that Datafold
 * reads. This rotation sends a verifier instead, from which the password cannot be recovered.
 *
 * Datafold's API cannot update a data source: Datafold cannot log in until a person has entered the new password there. Open
 * sessions are not affected.
 */
export interface PasswordRotation {
  /**
   * The interval between rotations, in whole days: 1 to 1000.
   *
   * The first rotation runs after one interval, not at deployment.
   *
   * @default Duration.days(90)
   */
  readonly every?: Duration;

  /**
   * The topic for notices: in which data source a new password must be entered.
   *
   * A notice contains no secret.
   *
   * @default - the log of the function only
   */
  readonly noticeTopic?: sns.ITopic;
}
