import type { Duration } from 'aws-cdk-lib';

/**
 * Limits of the PostgreSQL role.
 */
export interface RoleLimits {
  /**
   * The maximum number of concurrent connections of the role (`CONNECTION LIMIT`).
   *
   * A verification temporarily uses up to two of them. The original limit of an adopted role is restored when this prop is removed or
   * the stack is deleted.
   *
   * @default - no limit is set
   */
  readonly connectionLimit?: number;

  /**
   * The time after which PostgreSQL cancels a statement of the role in `databases` (`statement_timeout`).
   *
   * A session can override the timeout for itself. The timeout is removed with this prop, with the database and with the stack. A
   * timeout that was set by hand for an adopted role in one of the databases is kept.
   *
   * @default - no timeout is set
   */
  readonly statementTimeout?: Duration;
}
