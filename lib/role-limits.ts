import type { Duration } from 'aws-cdk-lib';

/**
 * What the role may take of the server.
 */
export interface RoleLimits {
  /**
   * How many connections the role may have at a time: `CONNECTION LIMIT`.
   *
   * A verification takes up to two of them for a while. A role that was taken over gets back its original limit when this prop goes, and when
   * the stack does.
   *
   * @default - no limit is set
   */
  readonly connectionLimit?: number;

  /**
   * After what time PostgreSQL cancels a statement of the role in the databases: `statement_timeout`.
   *
   * A session may set another one for itself. It goes with this prop, with its database and with the stack. One that somebody
   * else has set for a role that was taken over, in one of the databases, stays.
   *
   * @default - no timeout is set
   */
  readonly statementTimeout?: Duration;
}
