/**
 * What becomes of a deployment when a data source in Datafold is of no use.
 */
export enum RegistrationPolicy {
  /**
   * The deployment fails and says why.
   */
  FAIL = 'fail',

  /**
   * The deployment goes on. What is wrong, and what to do by hand, is in `DataSource.registrationNotice` and in the
   * log of the function.
   */
  WARN = 'warn',
}
