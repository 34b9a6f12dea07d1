/**
 * What happens to a deployment when a check fails.
 */
export enum FailurePolicy {
  /**
   * The deployment fails, and the error states the reason.
   */
  FAIL = 'fail',

  /**
   * The deployment continues. The failure is reported in the attributes of the construct and in the log of the function.
   */
  WARN = 'warn',
}
