import type {
  aws_kms as kms,
  aws_lambda as lambda,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  RemovalPolicy,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { DatabaseGrants } from './database-grants';
import type { FunctionProps } from './function-options';
import type { PasswordRotation } from './password-rotation';
import type { PostgresServer } from './postgres-server';
import type { ReconcileOptions } from './reconcile-options';
import type { RoleLimits } from './role-limits';
import type { SqlExecution } from './sql-execution';
import type { StatementLogging } from './statement-logging';
import type { AccessVerificationOptions } from './verification-options';

/**
 * Properties that `DatabaseAccess` and `DatafoldPostgres` have in common.
 */
export interface DatabaseAccessOptions extends FunctionProps {
  /**
   * The name of the PostgreSQL role.
   *
   * @default datafold
   */
  readonly roleName?: string;

  /**
   * The schema for Datafold's temporary tables, created in every database.
   *
   * @default datafold_tmp
   */
  readonly tempSchema?: string;

  /**
   * Whether the role can also read tables that are created later.
   *
   * Sets default privileges for every role that owns tables.
   *
   * @default true
   */
  readonly futureTables?: boolean;

  /**
   * Limits on the connections and the statement time of the role.
   *
   * @default - no limits
   */
  readonly limits?: RoleLimits;

  /**
   * Whether to adopt an existing role or schema of the same name.
   *
   * By default the deployment fails if the role or the schema already exists.
   *
   * An adopted role that was created by hand keeps its password, which `passwordSecret` must contain, and its grants. The role is kept
   * when the stack is deleted, and a notice lists the statements that revoke what is no longer needed.
   *
   * A role of another stack of this library is shared: the stack that is deleted last drops it. The role keeps its password if
   * `passwordSecret` contains it. Without `passwordSecret` this stack replaces the other one: the role gets a new password, which
   * the data sources of the other stack need too.
   *
   * @default false
   */
  readonly adoptExisting?: boolean;

  /**
   * The secret whose whole value is the password of the role, such as the `passwordSecret` of another stack's `DatabaseAccess`.
   *
   * A role that was created by hand, or that another stack uses, keeps its password: the deployment fails if the secret contains
   * another one.
   *
   * @default - a new secret with a generated password
   */
  readonly passwordSecret?: secretsmanager.ISecret;

  /**
   * Inspects the server on a schedule, and reports or repairs drift since the last deployment.
   *
   * @default - the server is inspected at deployment only
   */
  readonly reconcile?: ReconcileOptions;

  /**
   * How the SQL that creates the role, its schema and its grants is run.
   *
   * @default SqlExecution.byFunction()
   */
  readonly sqlBy?: SqlExecution;

  /**
   * What happens to the role, the schema and the grants when they are removed from the stack.
   *
   * With `RETAIN` they are kept in the databases, but the secrets are deleted.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Rotation of the password of the role.
   *
   * Datafold's API cannot update a data source: a person must enter each new password in Datafold.
   *
   * @default - the password is not rotated
   */
  readonly rotatePassword?: PasswordRotation;

  /**
   * The KMS key that encrypts the secrets.
   *
   * @default - the AWS managed key of Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Properties of a `DatabaseAccess`.
 */
export interface DatabaseAccessProps extends DatabaseAccessOptions {
  /**
   * The PostgreSQL server.
   */
  readonly server: PostgresServer;

  /**
   * The databases that Datafold may read, at least one.
   */
  readonly databases: DatabaseGrants[];

  /**
   * What a deployment verifies about the role, and what happens if a check fails.
   *
   * @default - the deployment fails; relations that may return only some of their rows, and a missing statement log without `statementLogging`, are only reported
   */
  readonly verification?: AccessVerificationOptions;

  /**
   * The construct that manages the statement log of the server.
   *
   * The role is then set up and verified after the statement log, and `reconcile` inspects the statement log too.
   *
   * @default - the statement log is not managed by this app
   */
  readonly statementLogging?: StatementLogging;
}

/**
 * Attributes of a role that another app defines.
 */
export interface DatabaseAccessAttributes {
  /**
   * The PostgreSQL server, whose `host` must be known.
   */
  readonly server: PostgresServer;

  /**
   * The secret whose whole value is the password of the role.
   *
   * Import it by its complete ARN and, if it is encrypted with a customer managed key, with that key.
   */
  readonly passwordSecret: secretsmanager.ISecret;

  /**
   * The name of the role.
   *
   * @default datafold
   */
  readonly roleName?: string;

  /**
   * The schema for temporary tables.
   *
   * @default datafold_tmp
   */
  readonly tempSchema?: string;

  /**
   * The databases that the role may read.
   *
   * A data source for another database is rejected at synth.
   *
   * @default - unknown, not checked
   */
  readonly databaseNames?: string[];

  /**
   * Whether the password is rotated (`rotatePassword`).
   *
   * Each data source then checks for a new password every hour. Otherwise a data source keeps the password of its last deployment.
   *
   * @default false
   */
  readonly isRotated?: boolean;

  /**
   * The topic for notices: which data sources have a new password, and where to enter it.
   *
   * @default - no notices are sent
   */
  readonly noticeTopic?: sns.ITopic;
}

/**
 * A role that Datafold logs in to a PostgreSQL server with.
 */
export interface IDatabaseAccess extends IConstruct {
  /**
   * The PostgreSQL server.
   */
  readonly server: PostgresServer;

  /**
   * The host name of the server; a token if the host name is looked up at deployment.
   */
  readonly host: string;

  /**
   * The name of the role.
   */
  readonly roleName: string;

  /**
   * The schema for temporary tables.
   */
  readonly tempSchema: string;

  /**
   * The secret whose whole value is the password of the role.
   */
  readonly passwordSecret: secretsmanager.ISecret;

  /**
   * The databases that the role may read; undefined if they are not known.
   */
  readonly databaseNames?: string[];

  /**
   * The function that runs the SQL; undefined for an imported role.
   */
  readonly sqlRunner?: lambda.IFunction;

  /**
   * Whether the password is rotated.
   */
  readonly isRotated: boolean;

  /**
   * The topic that is notified of a new password.
   */
  readonly noticeTopic?: sns.ITopic;

  /**
   * Registers the secret of a data source, which contains the password of the role.
   *
   * @param secret the secret of the data source
   * @returns whether the rotation updates the secret; if not, the data source must check for a new password itself
   */
  addDataSource(secret: secretsmanager.ISecret): boolean;
}
