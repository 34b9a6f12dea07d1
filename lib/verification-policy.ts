/**
 * What happens when a step of the verification fails.
 *
 * After every deployment the function logs in as the role and takes the steps of Datafold's own test of a data source:
 * `connection`, `temp_schema`, `schema_download`, `lineage_download`.
 */
export enum VerificationPolicy {
  /**
   * The deployment fails and says why.
   */
  FAIL = 'fail',

  /**
   * The deployment goes on. What failed is in the attributes of `DatabaseAccess` and in the log of the function.
   */
  WARN = 'warn',
}
