import type { aws_sns as sns, Duration } from 'aws-cdk-lib';

/**
 * How an access key is replaced from time to time.
 *
 * Datafold can't be told of a new key by its API: a person must enter it there, within the `overlap`. Who leaves that out finds
 * Datafold without lineage when the old key is deactivated.
 */
export interface AccessKeyRotation {
  /**
   * The age at which a key is replaced, in whole days; longer than `overlap` and `grace` together.
   *
   * @default Duration.days(90)
   */
  readonly every?: Duration;

  /**
   * How long the old key goes on working beside the new one, in whole days.
   *
   * @default Duration.days(14)
   */
  readonly overlap?: Duration;

  /**
   * How long the old key is kept after that, deactivated, before it is deleted, in whole days.
   *
   * @default Duration.days(14)
   */
  readonly grace?: Duration;

  /**
   * Where to say which key must be entered in which data source, and what else needs a person.
   *
   * No secret is in it.
   *
   * @default - the log of the function only
   */
  readonly noticeTopic?: sns.ITopic;
}
