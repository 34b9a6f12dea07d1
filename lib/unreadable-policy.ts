/**
 * What happens when tables stay unreadable for Datafold.
 *
 * A table of a role that the administrator is not a member of, and can't become one, can be granted by its owner only.
 */
export enum UnreadablePolicy {
  /**
   * The deployment fails, naming the tables and the statements that their owners must run.
   */
  FAIL = 'fail',

  /**
   * The deployment goes on and reports the tables in the log of the function.
   */
  WARN = 'warn',
}
