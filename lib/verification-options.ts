import type { FailurePolicy } from './failure-policy';

/**
 * What a deployment checks of the role, and what a check that fails does.
 *
 * After every deployment the function logs in as the role and takes the steps of Datafold's own test of a data source:
 * `connection`, `temp_schema`, `schema_download`, `lineage_download`.
 */
export interface AccessVerificationOptions {
  /**
   * What happens when the role does not pass `connection`, `temp_schema` or `schema_download`.
   *
   * With `WARN`, tables that stay unreadable and relations that fail don't fail the deployment either.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onFailedStep?: FailurePolicy;

  /**
   * What happens when tables stay unreadable for the role, because the administrator may not grant them.
   *
   * A table of a role that the administrator is not a member of, and can't become one, can be granted by its owner only. The
   * error names the tables and the statements that their owners must run.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onUnreadable?: FailurePolicy;

  /**
   * What happens when reading what the role may read fails, or may give only some of the rows.
   *
   * Such are views whose owner may not read what is below them, materialized views that are not populated, foreign tables without
   * a user mapping, and tables whose row-level security does not plainly show all rows.
   *
   * @default FailurePolicy.WARN
   */
  readonly onIncompleteRead?: FailurePolicy;

  /**
   * What happens when Datafold would find no statements for its lineage: `log_statement` not in effect for the role, the export
   * off, or no log group.
   *
   * A value that waits for the reboot of an instance, and a log group that RDS has yet to make, never fail a deployment; they
   * are reported as pending.
   *
   * @default - FailurePolicy.FAIL where this library manages the statement log, else FailurePolicy.WARN
   */
  readonly onNoLineage?: FailurePolicy;

  /**
   * Whether the steps of the verification, and how many relations fail or may hide rows, become outputs of the stack.
   *
   * @default false
   */
  readonly outputs?: boolean;
}

/**
 * What a deployment of `DatafoldPostgres` checks.
 */
export interface VerificationOptions extends AccessVerificationOptions {
  /**
   * Whether the deployment proves that lineage gets to Datafold.
   *
   * A statement is run as the role, and found in the statement log with the access key that Datafold gets. The deployment fails
   * where it does not arrive within 5 minutes, and says which link is broken: not logged, not exported, wrong group, wrong
   * log class, key not allowed. Where instances wait for a reboot it is pending, and `lineageProofNotice` of the data source says so.
   *
   * @default false
   */
  readonly proveLineage?: boolean;
}
