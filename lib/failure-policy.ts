/**
 * What a check that fails does to a deployment.
 */
export enum FailurePolicy {
  /**
   * The deployment fails and says why.
   */
  FAIL = 'fail',

  /**
   * The deployment goes on. What failed is in the attributes of the construct and in the log of the function.
   */
  WARN = 'warn',
}
