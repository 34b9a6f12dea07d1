import type { aws_sns as sns, Duration } from 'aws-cdk-lib';

/**
 * Rotation of an access key on a schedule.
 *
 * Datafold's API cannot update a data source: a person must enter the new key in Datafold within the `overlap`. Otherwise Datafold
 * derives no lineage once the old key is deactivated.
 */
export interface AccessKeyRotation {
  /**
   * The age at which a key is replaced, in whole days; longer than `overlap` and `grace` together.
   *
   * @default Duration.days(90)
   */
  readonly every?: Duration;

  /**
   * How long the old key stays active beside the new one, in whole days.
   *
   * @default Duration.days(14)
   */
  readonly overlap?: Duration;

  /**
   * How long the old key is kept deactivated after the `overlap` before it is deleted, in whole days.
   *
   * @default Duration.days(14)
   */
  readonly grace?: Duration;

  /**
   * The topic for notices: which key must be entered in which data source, and what else a person must do.
   *
   * A notice contains no secret.
   *
   * @default - the log of the function only
   */
  readonly noticeTopic?: sns.ITopic;
}
