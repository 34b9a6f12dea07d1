/**
 * What happens when tables stay unreadable for Datafold.
 *
 * A table of a role that the administrator is not a member of, and can't become one, can be granted by its owner only.
 */
export enum UnreadablePolicy {
  /**
   * As `FAIL`, and the deployment also fails where reading what the role may read fails, or may give only some of the rows.
   *
   * Such are views whose owner may not read what is below them, materialized views that are not populated, foreign tables without
   * a user mapping, and tables whose row-level security does not plainly show all rows. With the other values they are reported.
   */
  STRICT = 'strict',

  /**
   * The deployment fails, naming the tables and the statements that their owners must run.
   */
  FAIL = 'fail',

  /**
   * The deployment goes on and reports the tables in the log of the function.
   */
  WARN = 'warn',
}
