/** The options of `sql`. */
export interface SqlOptions {
  readonly roleName: string;
  readonly tempSchema: string;
  readonly databases: readonly string[];
  /** Empty: all schemas but those of PostgreSQL, of extensions and of RDS. */
  readonly schemas: readonly string[];
  readonly exclude: readonly string[];
  /** `schema.table`, with `*` for any characters. */
  readonly excludeTables: readonly string[];
  readonly connectionLimit?: number;
  /** Milliseconds. */
  readonly statementTimeout?: number;
  /** The roles that create tables; empty: those that own tables in the catalog. */
  readonly owners: readonly string[];
  readonly futureTables: boolean;
  /** Use an existing role and schema of that name. */
  readonly adoptExisting: boolean;
  /** The name of the stack in the comments on role and schema. */
  readonly stackName: string;
}
