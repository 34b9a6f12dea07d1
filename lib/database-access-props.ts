import type { aws_kms as kms, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { DatabaseGrants } from './database-grants';
import type { HandlerOptions } from './handler-code';
import type { PasswordRotation } from './password-rotation';
import type { PostgresServer } from './postgres-server';
import type { ReconcileOptions } from './reconcile-options';
import type { SqlExecution } from './sql-execution';
import type { UnreadablePolicy } from './unreadable-policy';
import type { VerificationPolicy } from './verification-policy';

/**
 * What `DatabaseAccess` and `DatafoldPostgres` both take.
 */
export interface DatabaseAccessOptions extends HandlerOptions {
  /**
   * The server.
   */
  readonly server: PostgresServer;

  /**
   * The databases that Datafold may read, one at least.
   */
  readonly databases: DatabaseGrants[];

  /**
   * The name of the role that is made.
   *
   * @default datafold
   */
  readonly roleName?: string;

  /**
   * The schema for temporary tables, made in every database.
   *
   * @default datafold_tmp
   */
  readonly tempSchema?: string;

  /**
   * Whether tables made later are readable too, by default privileges of every role that owns tables.
   *
   * @default true
   */
  readonly futureTables?: boolean;

  /**
   * How many connections the role may have at a time: `CONNECTION LIMIT`.
   *
   * A verification takes up to two of them for a while. A role that was taken over gets back its former limit when this prop goes, and when
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

  /**
   * Whether a role or a schema of the same name that was there before is taken over.
   *
   * What was taken over is kept when the stack is deleted, and nothing is ever revoked from such a role: where a schema, a database
   * or `futureTables` is taken away, a notice names the statements that do it. Without it, such a role or schema fails the
   * deployment.
   *
   * @default false
   */
  readonly adoptExisting?: boolean;

  /**
   * What happens when tables stay unreadable, because the administrator may not grant them.
   *
   * With `STRICT`, also for views and other relations that fail when they are read, and where row-level security may hide rows.
   *
   * @default UnreadablePolicy.FAIL
   */
  readonly unreadable?: UnreadablePolicy;

  /**
   * What happens when the role does not pass Datafold's test: `connection`, `temp_schema` or `schema_download`.
   *
   * Tables that stay unreadable are the business of `unreadable`, too.
   *
   * @default VerificationPolicy.FAIL
   */
  readonly verification?: VerificationPolicy;

  /**
   * What happens when Datafold would find no statements for its lineage: `log_statement` not in effect for the role, the export
   * off, or no log group.
   *
   * A value that waits for the reboot of an instance, and a log group that RDS has yet to make, never fail a deployment; they
   * are told as pending.
   *
   * @default - VerificationPolicy.FAIL in a `DatafoldPostgres` that switches the statement log on, else VerificationPolicy.WARN
   */
  readonly lineageVerification?: VerificationPolicy;

  /**
   * Whether the steps of the verification, and how many relations fail or may hide rows, become outputs of the stack.
   *
   * @default false
   */
  readonly verificationOutputs?: boolean;

  /**
   * Looks again and again whether all is as the deployment left it.
   *
   * @default - only deployments look
   */
  readonly reconcile?: ReconcileOptions;

  /**
   * Who makes the role, its schema and its grants.
   *
   * @default SqlExecution.byFunction()
   */
  readonly sqlBy?: SqlExecution;

  /**
   * The database in which role work is done and locked.
   *
   * It must be the same for everybody who manages roles on the server with this library.
   *
   * @default postgres
   */
  readonly maintenanceDatabase?: string;

  /**
   * What happens to role, schema and grants when they leave the stack.
   *
   * With `RETAIN` they stay in the databases; the secrets go all the same.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Replaces the password of the role from time to time.
   *
   * Datafold can't be told of the new one by its API: a person must enter it there.
   *
   * @default - the password stays the same
   */
  readonly rotatePassword?: PasswordRotation;

  /**
   * The key that encrypts the secrets.
   *
   * @default - the key of AWS for Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * The access of Datafold's role to the databases of a server.
 */
export interface DatabaseAccessProps extends DatabaseAccessOptions {}
