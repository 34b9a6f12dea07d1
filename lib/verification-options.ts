import type { FailurePolicy } from './failure-policy';

/**
 * Options for the verification of the role at deployment.
 *
 * After every deployment the function logs in as the role and runs the steps of Datafold's own test of a data source:
 * `connection`, `temp_schema`, `schema_download`, `lineage_download`.
 */
export interface AccessVerificationOptions {
  /**
   * What happens if the role fails `connection`, `temp_schema` or `schema_download`.
   *
   * With `WARN`, unreadable tables and failing relations do not fail the deployment either.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onFailedStep?: FailurePolicy;

  /**
   * What happens if the role cannot read some tables because the administrator may not grant SELECT on them.
   *
   * If the administrator is not a member of the role that owns a table, and cannot become one, only the owner can grant SELECT. The
   * error names the tables and the statements that their owners must run.
   *
   * @default FailurePolicy.FAIL
   */
  readonly onUnreadable?: FailurePolicy;

  /**
   * What happens if a relation that the role may read fails, or may return only some of its rows.
   *
   * For example, views whose owner may not read the underlying tables, materialized views that are not populated, foreign tables
   * without a user mapping, and tables whose row-level security policies do not clearly show all rows.
   *
   * @default FailurePolicy.WARN
   */
  readonly onIncompleteRead?: FailurePolicy;

  /**
   * What happens if Datafold would find no statements for its lineage.
   *
   * This is the case if `log_statement` is not in effect for the role, the export is off, or the log group does not exist. A value
   * that waits for the reboot of an instance, and a log group that RDS has yet to create, never fail a deployment; they are
   * reported as pending.
   *
   * @default - FailurePolicy.FAIL if this library manages the statement log, else FailurePolicy.WARN
   */
  readonly onNoLineage?: FailurePolicy;

  /**
   * Whether to add stack outputs for the steps of the verification, for the numbers of relations that fail or may hide rows, and for
   * the network path.
   *
   * @default false
   */
  readonly outputs?: boolean;
}

/**
 * Options for the verification of a `DatafoldPostgres` at deployment.
 */
export interface VerificationOptions extends AccessVerificationOptions {
  /**
   * Whether the deployment verifies end to end that Datafold can read the statements for its lineage.
   *
   * A statement is run as the role and searched for in the statement log with Datafold's access key. If it does not arrive
   * within 5 minutes, the deployment fails and names the cause: not logged, not exported, wrong log group, wrong log class or
   * access denied to the key. While instances wait for a reboot the check is pending, and `lineageProofNotice` of the data source
   * reports it.
   *
   * @default false
   */
  readonly proveLineage?: boolean;
}
