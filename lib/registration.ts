import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { FailurePolicy } from './failure-policy';

/**
 * Options for creating data sources with Datafold's API.
 *
 * The API can create and test a data source, but neither update nor delete one. When something changes, or when the stack is
 * deleted, a notice states what to do by hand. A second data source of the same name is never created.
 */
export interface Registration {
  /**
   * The secret with an API key of Datafold, either as its whole value or as `apiKey` of a JSON object.
   *
   * Use the key of a Datafold administrator. An existing data source of the same name is found by listing all data sources. Other
   * keys may not list those of groups that their owner is not a member of, so a second data source would be created.
   */
  readonly apiKeySecret: secretsmanager.ISecret;

  /**
   * The URL of your Datafold instance.
   *
   * @default https://app.datafold.com
   */
  readonly host?: string;

  /**
   * What happens if Datafold's own test of the data source fails, or if Datafold already has a different data source of the same name.
   *
   * A failed deployment leaves the data source that it created in Datafold, since the API cannot delete it. The next deployment
   * uses a new password, so delete that data source by hand first.
   *
   * With `WARN`, `DataSource.registrationNotice` states the problem and what to do by hand.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onProblem?: FailurePolicy;
}
