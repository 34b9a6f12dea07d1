/** What the provisioner and the sql-runner say to each other by Lambda Invoke. */

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: 'verify-full' | 'disable';
  /** PEM certificates to trust instead of those of the runtime. */
  readonly caCertificate?: string;
  /** Whom RDS was asked for to find the host; absent where the template says it. */
  readonly lookup?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
}

export interface Login {
  readonly user: string;
  readonly password: string;
  /** The secret that it was read from. */
  readonly secret?: string;
}

/** On a request that undoes previous work, which the present deployment knows nothing of any more. */
export interface UndoesPreviousWork {
  /** True where CloudFormation says that it deletes the custom resource, or takes it elsewhere. */
  readonly confirmed?: true;
}

export interface DatabaseSpec {
  readonly databaseName: string;
  /** Without it: every schema that a person would expect. */
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  /** `schema.table`, with `*` for any characters. */
  readonly excludeTables?: readonly string[];
}

/** The access wanted on one server. */
export interface AccessSpec {
  readonly roleName: string;
  readonly tempSchema: string;
  readonly databases: readonly DatabaseSpec[];
  readonly maintenanceDatabase: string;
  /** Default privileges for tables made later. */
  readonly futureTables: boolean;
  /** Take over a role or schema of that name that was there before; it is kept on removal. */
  readonly adoptExisting: boolean;
  /** The password is that of a role that may be there already, and another stack may have it too: it is never set there. */
  readonly passwordIsGiven?: true;
  readonly onUnreadable: 'fail' | 'warn';
  /** Relations whose reading fails, or may hide rows, fail the step `schema_download` too. Absent: they do not. */
  readonly onIncompleteRead?: 'fail';
  /** Of the role; absent: none is set. */
  readonly connectionLimit?: number;
  /** For the role's sessions in the databases; absent: none is set. */
  readonly statementTimeoutMs?: number;
  /** Absent: a database or a schema that is named and not there makes an `apply` fail; else it is told. */
  readonly onMissing?: 'warn';
  /** Absent: a step of the verification that fails, or a role that somebody has locked, makes an `apply` fail. */
  readonly onFailedStep?: 'warn';
  /** Leave a password that somebody else has set, or taken away, also of a role that was there before. */
  readonly keepForeignPassword?: true;
}

/**
 * The owner of a role and schema. A run writes it into the comments on both, and a later run recognizes them by it.
 */
export interface Owner {
  /** Stable for one custom resource: a hash of stack id and logical id. */
  readonly key: string;
  /** Stable for one generation of it: the physical id. */
  readonly id: string;
  /** For people who read the comment. */
  readonly stackName: string;
}

/** By what runs for the same resource know which of them is the newer one. */
export interface Turn {
  /** Of the resource: a hash, in hexadecimal digits. */
  readonly key: string;
  /** When CloudFormation sent the request, in milliseconds since 1970; 0 for a scheduled task, which comes after all requests. */
  readonly requestedAt: number;
  /** Grows with each invocation of the provisioner for the request, and with each run that never answered. */
  readonly invocation: number;
}

interface RequestBase {
  /** Absent: the run excludes no other. */
  readonly turn?: Turn;
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly owner: Owner;
  readonly access: AccessSpec;
}

/** Make the server what `access` says, then verify it as the role. Converges: call again while `finished` is false. */
export interface ApplyRequest extends RequestBase {
  readonly operation: 'apply';
  readonly password: string;
  /** What the run before asked for; what it had and `access` has not is taken away. */
  readonly previous?: AccessSpec;
}

/** Take away what `apply` made, in every database. */
export interface RemoveRequest extends RequestBase, UndoesPreviousWork {
  readonly operation: 'remove';
}

/** Look, change nothing: the four steps of Datafold's own test. */
export interface VerifyRequest {
  readonly operation: 'verify';
  readonly server: ServerAddress;
  readonly access: AccessSpec;
  /** Of the role, which logs in itself. */
  readonly password: string;
}

/** Look, change nothing: what an `apply` of the same would do. */
export interface PlanRequest extends RequestBase {
  readonly operation: 'plan';
  readonly password: string;
}

export type SqlRequest = ApplyRequest | RemoveRequest | VerifyRequest | PlanRequest;

/** Give the role another password, unless it has it already; or only see whether it has it. */
export interface PasswordRequest {
  readonly operation: 'set-password' | 'try-password';
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly roleName: string;
  readonly password: string;
  /** What the role should have until now: where it has another one, not set by this library, none is set. */
  readonly currentPassword?: string;
  /** A database that the role may connect to. */
  readonly databaseName: string;
  /** The database in which role work is done and locked. */
  readonly maintenanceDatabase: string;
}

/** As the role, make a table in the temp schema from a query, and drop it: a statement that is known to be logged. */
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

/** Keep `wanted` out of the statement log; those of `former` that are not in it are logged again. All or nothing. */
export interface ExcludeRequest extends UndoesPreviousWork {
  readonly operation: 'exclude-from-log';
  /** Absent: the run excludes no other. */
  readonly turn?: Turn;
  readonly server: ServerAddress;
  readonly admin: Login;
  readonly maintenanceDatabase: string;
  readonly desired: LogExclusions;
  readonly previousExclusions: LogExclusions;
}

/** Resolve a name of the server as the VPC does: nobody logs in. */
export interface ResolveRequest {
  readonly operation: 'resolve';
  readonly server: ServerAddress;
  /** A name of the server, or of an instance of its cluster. */
  readonly host: string;
}

/** What is asked about a server without the rights of a deployment. */
export type RoleRequest = PasswordRequest | ProveRequest | ExcludeRequest | ResolveRequest;

/** The steps of Datafold's own test of a data source. */
export type StepName = 'connection' | 'temp_schema' | 'schema_download' | 'lineage_download';

export interface StepResult {
  readonly step: StepName;
  readonly ok: boolean;
  readonly message: string;
}

/** A relation that does not give the role what is in it. */
export interface RelationReport {
  readonly relation: string;
  readonly reason: string;
  /** A statement that ends it, or a sentence where no statement does. */
  readonly next: string;
}

/** Something that is set for the role's sessions and changes what Datafold gets. */
export interface SettingReport {
  readonly setting: string;
  readonly value: string;
  readonly effect: string;
  /** Ends it. */
  readonly statement: string;
}

export interface DatabaseReport {
  readonly databaseName: string;
  readonly schemas: number;
  readonly relations: number;
  /** Relations that stay unreadable, each with the statement that its owner must run; the first 20. */
  readonly unreadable: readonly { readonly relation: string; readonly statement: string }[];
  readonly unreadableCount: number;
  /** The value in effect for the role's sessions. */
  readonly logStatement?: string;
  /** Databases and roles with a lower value of their own, each with the statement that ends it; the first 20. */
  readonly logOverrides?: readonly {
    readonly object: string;
    readonly logStatement: string;
    readonly statement: string;
  }[];
  /** What the role may do beyond reading and its temp schema, each with the statement that ends it; the first 20. */
  readonly writable?: readonly { readonly object: string; readonly statement: string }[];
  readonly writableCount?: number;
  /** Sentences on excluded tables that the role can read nevertheless and, with the first database, on others that it can connect to. */
  readonly reach?: readonly string[];
  /** Relations that the role may read and can't, or that an extension keeps to itself; the first 20. */
  readonly failing?: readonly RelationReport[];
  readonly failingCount?: number;
  /** Relations of which row-level security may hide rows; the first 20. */
  readonly filtered?: readonly RelationReport[];
  readonly filteredCount?: number;
  /** Relations whose reading is not tried, such as views with functions of users, which are not run; the first 20. */
  readonly unproven?: readonly RelationReport[];
  readonly unprovenCount?: number;
  /** Settings that the role's sessions begin with and that change what it gets. */
  readonly settings?: readonly SettingReport[];
  readonly steps: readonly StepResult[];
}

export interface SqlReport {
  /** False: time ran out in mid-plan, what was done is committed; invoke again. */
  readonly finished: boolean;
  /** Statements that changed something. */
  readonly statements: number;
  readonly databases: readonly DatabaseReport[];
  /** Sentences for a person: what was left alone, kept or reported. */
  readonly notices: readonly string[];
  /** True where an apply found the role made by an earlier run. */
  readonly found?: boolean;
  /** Of `resolve`: the IPv4 addresses. */
  readonly addresses?: readonly string[];
  /** Of a plan: the first 20 statements, shortened, without passwords. `statements` has their number. */
  readonly planned?: readonly { readonly databaseName: string; readonly statement: string }[];
}

/** What kind of failure a run met: all that the provisioner decides by. */
export type SqlFailureKind =
  /** The host name is not known. */
  | 'unknown-host'
  /** No session can be opened: network, TLS, a connection pooler in between. */
  | 'unreachable'
  /** The server starts, stops, fails over, only reads, has no connection left, or the connection was lost. */
  | 'unavailable'
  /** The server does not admit the user with this password. */
  | 'login-refused'
  /** There is no database of that name. */
  | 'missing'
  /** The database does not accept connections, or an object is in no state for the statement. */
  | 'closed'
  /** A privilege is lacking. */
  | 'denied'
  /** Somebody locked the role, or gave it another password. */
  | 'locked'
  /** Other sessions are in the way: locks, or concurrent changes. */
  | 'busy'
  /** A statement, or the invocation, has no time left. */
  | 'timeout'
  /** This sql-runner was not deployed for what it is asked for. */
  | 'not-pinned'
  /** Anything else. */
  | 'failed';

export interface SqlFailure {
  readonly kind: SqlFailureKind;
  /** Under 1 kB; no secret in it. */
  readonly message: string;
  /** SQLSTATE or Node's error code, for a person. */
  readonly code?: string;
  /** True where a later try may do: the server is starting, asleep, out of connections, not reachable. */
  readonly retryable: boolean;
  /** True where the run had got into the server before it failed, so that something may have been committed. */
  readonly connected?: boolean;
  /** True where an apply had found the role made by an earlier run. */
  readonly found?: boolean;
  /** Sentences for a person on what was committed before. */
  readonly notices?: readonly string[];
}

export type SqlResponse =
  { readonly ok: true; readonly report: SqlReport } | { readonly ok: false; readonly error: SqlFailure };
