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
 * What `DatabaseAccess` and `DatafoldPostgres` both take.
 */
export interface DatabaseAccessOptions extends FunctionProps {
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
   * What the role may take of the server: connections, and the time of a statement.
   *
   * @default - no limit is set
   */
  readonly limits?: RoleLimits;

  /**
   * Whether a role or a schema of the same name that was there before is taken over.
   *
   * A role that was made by hand keeps its password, which `passwordSecret` must hold, and its grants: it is kept when the stack
   * is deleted, and a notice names the statements that take away what is no longer needed. A role of another stack of this library is
   * shared: whichever stack is deleted last drops it. Its password stays where `passwordSecret` holds it. Without `passwordSecret` this
   * stack takes the place of the other: the role gets a new password, which the data sources of the other stack need too.
   * Without `adoptExisting`, such a role or schema fails the deployment.
   *
   * @default false
   */
  readonly adoptExisting?: boolean;

  /**
   * The secret whose whole value is the password of the role, such as the `passwordSecret` of another stack's access to the server.
   *
   * A role that was made by hand, or that another stack uses, keeps its password: one that is not in the secret fails the deployment.
   *
   * @default - a secret with a password that is generated
   */
  readonly passwordSecret?: secretsmanager.ISecret;

  /**
   * Inspects the server on a schedule: whether all is as the deployment left it.
   *
   * @default - only deployments inspect it
   */
  readonly reconcile?: ReconcileOptions;

  /**
   * Who makes the role, its schema and its grants.
   *
   * @default SqlExecution.byFunction()
   */
  readonly sqlBy?: SqlExecution;

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
   * Datafold's API cannot update a data source: a person must enter the new one there.
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
export interface DatabaseAccessProps extends DatabaseAccessOptions {
  /**
   * What a deployment checks of the role, and what a check that fails does.
   *
   * @default - it fails, but for relations that may give only some of their rows, and for the statement log where no `statementLogging` is given
   */
  readonly verification?: AccessVerificationOptions;

  /**
   * What manages the statement log of the server. The role is then set up and verified after it, and `reconcile` inspects it too.
   *
   * @default - somebody else manages it, or the server has none
   */
  readonly statementLogging?: StatementLogging;
}

/**
 * What is known of a role that another app set up.
 */
export interface DatabaseAccessAttributes {
  /**
   * The server, with its `host`.
   */
  readonly server: PostgresServer;

  /**
   * The secret whose whole value is the password of the role.
   *
   * By its complete ARN, and with its key if it has a customer managed one.
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
   * The databases that the role may read, so that a data source of another one is refused.
   *
   * @default - not known
   */
  readonly databaseNames?: string[];

  /**
   * Whether the password is replaced from time to time (`rotatePassword`). Each data source then looks for a new one every hour.
   *
   * Without it a data source keeps the password it had when it was deployed.
   *
   * @default false
   */
  readonly isRotated?: boolean;

  /**
   * The topic that is notified which data sources have a new password, and where to enter it.
   *
   * @default - nobody is notified
   */
  readonly noticeTopic?: sns.ITopic;
}

/**
 * A role with which Datafold logs in to a server.
 */
export interface IDatabaseAccess extends IConstruct {
  /**
   * The server.
   */
  readonly server: PostgresServer;

  /**
   * The host name of the server; known at deployment only where RDS is asked for it.
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
   * The databases that the role may read; undefined where they are not known.
   */
  readonly databaseNames?: string[];

  /**
   * The function that runs the SQL; undefined for a role of another app.
   */
  readonly sqlRunner?: lambda.IFunction;

  /**
   * Whether the password is replaced from time to time.
   */
  readonly isRotated: boolean;

  /**
   * The topic that is notified of a new password.
   */
  readonly noticeTopic?: sns.ITopic;

  /**
   * Says that a secret holds the password of the role, in a data source.
   *
   * @param secret the secret of the data source
   * @returns whether a rotation writes a new password into the secret by itself; else the data source must look for a new one
   */
  addDataSource(secret: secretsmanager.ISecret): boolean;
}
