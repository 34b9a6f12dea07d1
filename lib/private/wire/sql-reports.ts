import type { SqlRequest } from './sql';

/** The responses of the sql-runner: a report for each operation, or a failure. */

/** The steps of Datafold's own test of a data source. */
export type StepName = 'connection' | 'temp_schema' | 'schema_download' | 'lineage_download';

/** The result of one step of the test. */
export interface StepResult {
  readonly step: StepName;
  readonly ok: boolean;
  readonly message: string;
}

/** A relation whose rows the role cannot read, or not all of them. */
export interface RelationReport {
  readonly relation: string;
  readonly reason: string;
  /** The statement that fixes the problem, or a sentence if no statement can. */
  readonly next: string;
}

/** A setting of the role's sessions that changes the results that Datafold gets. */
export interface SettingReport {
  readonly setting: string;
  readonly value: string;
  readonly effect: string;
  /** The statement that resets the setting. */
  readonly statement: string;
}

/** What the role can do in one database. */
export interface DatabaseReport {
  readonly databaseName: string;
  readonly schemas: number;
  readonly relations: number;
  /** The first 20 unreadable relations, each with the statement that its owner must run. */
  readonly unreadable: readonly { readonly relation: string; readonly statement: string }[];
  readonly unreadableCount: number;
  /** The value in effect for the role's sessions. */
  readonly logStatement?: string;
  /** The first 20 databases and roles that override the value with a lower one, each with the statement that resets it. */
  readonly logOverrides?: readonly {
    readonly object: string;
    readonly logStatement: string;
    readonly statement: string;
  }[];
  /** The first 20 privileges beyond reading and the temp schema, each with the statement that revokes it. */
  readonly writable?: readonly { readonly object: string; readonly statement: string }[];
  readonly writableCount?: number;
  /** Notices about excluded tables that the role can read and, in the report of the first database, about its powers and the further databases that it can connect to. */
  readonly furtherAccess?: readonly string[];
  /** The first 20 relations that fail although the role has SELECT on them, or that an extension does not make readable. */
  readonly failing?: readonly RelationReport[];
  readonly failingCount?: number;
  /** The first 20 relations whose rows row-level security may hide. */
  readonly filtered?: readonly RelationReport[];
  readonly filteredCount?: number;
  /** The first 20 relations that are not read for the check, such as views with user-defined functions, which are not run. */
  readonly unproven?: readonly RelationReport[];
  readonly unprovenCount?: number;
  /** The initial settings of the role's sessions that change the results that Datafold gets. */
  readonly settings?: readonly SettingReport[];
  readonly steps: readonly StepResult[];
}

/** The result of an `apply` or a `remove`, whose work may take several runs. */
interface ProgressReport {
  /** False if time ran out before all statements were run; what was done is committed. Repeat the request. */
  readonly finished: boolean;
  /** The number of statements that changed something. */
  readonly statements: number;
  /** Notices for the user, such as objects that were kept. */
  readonly notices: readonly string[];
}

/** The result of an `apply`, which verifies the role after its last statement. */
export interface ApplyReport extends ProgressReport {
  /** Empty while `finished` is false. */
  readonly databases: readonly DatabaseReport[];
  /** True if the run found a role that an earlier run had created. */
  readonly found?: true;
}

/** The result of a `remove`. */
export type RemoveReport = ProgressReport;

/** The result of a `verify`, which changes nothing. */
export interface VerifyReport {
  readonly databases: readonly DatabaseReport[];
}

/** The result of a `plan`: what an `apply` would change. */
export interface PlanReport {
  /** The number of statements that an `apply` would run. */
  readonly statements: number;
  /** The first 20 statements, shortened and without passwords. */
  readonly planned: readonly { readonly databaseName: string; readonly statement: string }[];
  readonly notices: readonly string[];
}

/** The result of a `set-password` or a `try-password`. */
export interface PasswordReport {
  /** True if the password was set; false if the role had it already. */
  readonly changed: boolean;
}

/** The result of a `prove`, which runs a statement for the log. */
export interface ProveReport {
  /** The value of `log_statement` in the session that ran the statement. */
  readonly logStatement: string;
}

/** The result of an `exclude-from-log`. */
export interface ExcludeReport {
  /** The number of statements that changed something. */
  readonly statements: number;
  readonly notices: readonly string[];
}

/** The result of a `resolve`. */
export interface ResolveReport {
  /** IPv4 addresses. */
  readonly addresses: readonly string[];
}

/** The report of each operation. */
export interface SqlReports {
  readonly apply: ApplyReport;
  readonly remove: RemoveReport;
  readonly verify: VerifyReport;
  readonly plan: PlanReport;
  readonly 'set-password': PasswordReport;
  readonly 'try-password': PasswordReport;
  readonly prove: ProveReport;
  readonly 'exclude-from-log': ExcludeReport;
  readonly resolve: ResolveReport;
}

/** The report that a request gets. */
export type ReportOf<R extends Pick<SqlRequest, 'operation'>> = SqlReports[R['operation']];

/** The kind of a failure, on which alone the provisioner bases its decisions. */
export type SqlFailureKind =
  /** The host name cannot be resolved. */
  | 'unknown-host'
  /** No session can be opened, because of the network, TLS or a connection pooler. */
  | 'unreachable'
  /** The server is starting, stopping, failing over, read-only or out of connections, or the connection was lost. */
  | 'unavailable'
  /** The server rejects the user or the password. */
  | 'login-refused'
  /** The database does not exist. */
  | 'missing'
  /** The database does not accept connections, or an object is not in the state that the statement requires. */
  | 'closed'
  /** A privilege is missing. */
  | 'denied'
  /** The role was locked or got another password by hand. */
  | 'locked'
  /** Other sessions hold locks or make concurrent changes. */
  | 'busy'
  /** The time of a statement or of the invocation has run out. */
  | 'timeout'
  /** The pins of this sql-runner do not contain the server, the secret or the role of the request. */
  | 'not-pinned'
  /** Any other failure. */
  | 'failed';

/** A run that failed. */
export interface SqlFailure {
  readonly kind: SqlFailureKind;
  /** Shorter than 1 kB, and without secrets. */
  readonly message: string;
  /** The SQLSTATE or the error code of Node.js, for the user. */
  readonly code?: string;
  /** True if a retry may succeed: the server is starting, paused, out of connections or unreachable. */
  readonly retryable: boolean;
  /** True if the run had connected before it failed, so that changes may have been committed. */
  readonly connected?: boolean;
  /** True if an `apply` found a role that an earlier run had created. */
  readonly found?: boolean;
  /** Notices for the user about changes that were committed before the failure. */
  readonly notices?: readonly string[];
}

/** The response to a request. */
export type SqlResponse<R extends Pick<SqlRequest, 'operation'> = SqlRequest> =
  { readonly ok: true; readonly report: ReportOf<R> } | { readonly ok: false; readonly error: SqlFailure };

/** Returns the report for a database that the role cannot connect to. */
export function withoutConnection(databaseName: string, message: string): DatabaseReport {
  return {
    databaseName,
    schemas: 0,
    relations: 0,
    unreadable: [],
    unreadableCount: 0,
    steps: [{ step: 'connection', ok: false, message }],
  };
}
