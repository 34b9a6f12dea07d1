import type { aws_sns as sns, Duration } from 'aws-cdk-lib';

/**
 * How the password of the role is replaced from time to time, by a rotation of Secrets Manager.
 *
 * The rotation that AWS offers would send each new password in clear text to the server, into the log that Datafold reads; this
 * one sends a verifier from which nobody gets the password back.
 *
 * Datafold can't be told of a new password by its API: it can't log in until a person has entered it there. A session that is
 * open goes on.
 */
export interface PasswordRotation {
  /**
   * How often, in whole days: 1 to 1000.
   *
   * The first rotation is after that time, not with the deployment.
   *
   * @default Duration.days(90)
   */
  readonly every?: Duration;

  /**
   * Where to say that a new password must be entered, and in which data source.
   *
   * No secret is in it.
   *
   * @default - the log of the function only
   */
  readonly noticeTopic?: sns.ITopic;
}
