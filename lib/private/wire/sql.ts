import type { ACCESS_SETTINGS, Values } from './settings';

/** The requests of the provisioner to the sql-runner, sent with Lambda Invoke. `sql-reports.ts` has the responses. */

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: 'verify-full' | 'disable';
  /** PEM certificates to trust instead of those of the runtime. */
  readonly caCertificate?: string;
  /** The cluster or instance whose host was looked up in RDS; absent if the template contains the host. */
  readonly lookup?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
}

/** The credentials of a role. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The secret that the credentials were read from. */
  readonly secret?: string;
}

/** Part of a request that undoes work of a previous deployment, which the pins of the current deployment may not contain. */
export interface UndoesPreviousWork {
  /** True if CloudFormation confirms that it deletes the custom resource or moves it to another server. */
  readonly confirmed?: true;
}

/** The desired access to one database. */
export interface DatabaseSpec {
  readonly databaseName: string;
  /** Default: all schemas except those of PostgreSQL, of extensions and of RDS. */
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  /** `schema.table`, with `*` for any characters. */
  readonly excludeTables?: readonly string[];
}

type AccessSettings = Values<typeof ACCESS_SETTINGS>;

/**
 * The desired access on one server: the settings of the construct that the sql-runner needs, and what only the provisioner knows.
 *
 * Without `onIncompleteRead` incomplete relations are only reported; without `onFailedStep` a failed step of the verification, or a
 * role that was locked by hand, fails an `apply`.
 */
export interface AccessSpec
  extends
    Omit<AccessSettings, 'removalPolicy' | 'onNoLineage' | 'onIncompleteRead' | 'onFailedStep'>,
    Partial<Pick<AccessSettings, 'onIncompleteRead' | 'onFailedStep'>> {
  readonly databases: readonly DatabaseSpec[];
  /** Whether the user named the password's secret; the password of an existing role, which another stack may use too, is then never set. */
  readonly passwordIsGiven?: true;
  /** `warn`: a named database or schema that does not exist is reported. Absent: it fails an `apply`. */
  readonly onMissing?: 'warn';
  /** Keeps a password that was changed or removed by hand, also that of an adopted role. */
  readonly keepForeignPassword?: true;
}

/**
 * The owner of a role and a schema, which a run writes into the comments on both so that a later run recognizes them.
 */
export interface Owner {
  /** Stable for one custom resource: a hash of the stack id and the logical id. */
  readonly key: string;
  /** Stable for one generation of the custom resource: its physical id. */
  readonly id: string;
  /** The name of the stack, for people who read the comment. */
  readonly stackName: string;
}

/** Orders the runs for the same resource, so that an older run stops when a newer one exists. */
export interface Turn {
  /** The hash of the resource, in hexadecimal digits. */
  readonly key: string;
  /** The time of CloudFormation's request, in milliseconds since 1970; 0 for a scheduled task, which yields to all requests. */
  readonly requestedAt: number;
  /** Increases with each invocation of the provisioner for the request, and with each run that did not respond. */
  readonly invocation: number;
}

interface RequestBase {
  /** Absent if the run need not exclude other runs. */
  readonly turn?: Turn;
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly owner: Owner;
  readonly access: AccessSpec;
}

/** Applies `access` to the server, then verifies it as the role. Idempotent: repeat the request while `finished` is false. */
export interface ApplyRequest extends RequestBase {
  readonly operation: 'apply';
  readonly password: string;
  /** The access of the previous run; what `access` no longer contains is revoked. */
  readonly previous?: AccessSpec;
}

/** Removes what `apply` created, in every database. */
export interface RemoveRequest extends RequestBase, UndoesPreviousWork {
  readonly operation: 'remove';
}

/** Runs the four steps of Datafold's own test, without changes. */
export interface VerifyRequest {
  readonly operation: 'verify';
  readonly server: ServerAddress;
  readonly access: AccessSpec;
  /** The password of the role, which is the user that logs in. */
  readonly password: string;
}

/** Lists the statements that an `apply` with the same content would run, without changes. */
export interface PlanRequest extends RequestBase {
  readonly operation: 'plan';
  readonly password: string;
}

/** The requests that set up, remove, verify or plan the access. */
export type AccessRequest = ApplyRequest | RemoveRequest | VerifyRequest | PlanRequest;

/** Sets the password of the role unless the role already has it, or only checks whether the role has it. */
export interface PasswordRequest {
  readonly operation: 'set-password' | 'try-password';
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly roleName: string;
  /** The secret of the role's password, which the pins name too: no other role gets this password. */
  readonly passwordSecret: string;
  readonly password: string;
  /** The expected current password: if the role has another one that this library did not set, the password is not changed. */
  readonly currentPassword?: string;
  /** A database that the role may connect to. */
  readonly databaseName: string;
  /** The database in which roles are managed and the lock for managing roles is taken. */
  readonly maintenanceDatabase: string;
}

/** Creates a table from a query in the temp schema as the role, and drops it: a statement that is known to be logged. */
export interface ProveRequest {
  readonly operation: 'prove';
  readonly server: ServerAddress;
  readonly login: Login;
  readonly databaseName: string;
  readonly tempSchema: string;
  /** The name of the table. */
  readonly marker: string;
}

/** Roles and databases whose sessions log no statements. */
export interface LogExclusions {
  readonly roles: readonly string[];
  readonly databases: readonly string[];
}

/** Excludes `desired` from the statement log and includes the rest of `previousExclusions` again, in one transaction. */
export interface ExcludeRequest extends UndoesPreviousWork {
  readonly operation: 'exclude-from-log';
  /** Absent if the run need not exclude other runs. */
  readonly turn?: Turn;
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly maintenanceDatabase: string;
  readonly desired: LogExclusions;
  readonly previousExclusions: LogExclusions;
}

/** Resolves a host name of the server inside the VPC, without logging in. */
export interface ResolveRequest {
  readonly operation: 'resolve';
  readonly server: ServerAddress;
  /** The host name of the server, or of an instance of its cluster. */
  readonly host: string;
}

export type SqlRequest = AccessRequest | PasswordRequest | ProveRequest | ExcludeRequest | ResolveRequest;
