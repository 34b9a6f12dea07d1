import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { FailurePolicy } from './failure-policy';

/**
 * How data sources are made in Datafold itself, with its API.
 *
 * The API can make and test a data source, but neither change nor delete one. When something changes, or when the stack is
 * deleted, a notice says what to do by hand; a second data source of the same name is never made.
 */
export interface Registration {
  /**
   * The secret with an API key of Datafold: its whole value, or `apiKey` of a JSON object.
   *
   * Give the key of an administrator. A data source of the same name is found by listing all of them, and other keys may not be
   * shown those of groups that their owner is not in: then a second one would be made.
   */
  readonly apiKeySecret: secretsmanager.ISecret;

  /**
   * Where your Datafold is.
   *
   * @default https://app.datafold.com
   */
  readonly host?: string;

  /**
   * What happens when Datafold's own test of the data source fails, or when one of the same name is there that is another one.
   *
   * A deployment that fails leaves a data source that it made in Datafold, since its API can't delete it. The next deployment
   * has another password, so the data source must be deleted by hand first.
   *
   * With `WARN`, what is wrong and what to do by hand is in `DataSource.registrationNotice`.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onProblem?: FailurePolicy;
}
