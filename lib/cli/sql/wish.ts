/** What the statements are to bring about. */
export interface SqlWish {
  readonly roleName: string;
  readonly tempSchema: string;
  readonly databases: readonly string[];
  /** Empty: all that a person would expect. */
  readonly schemas: readonly string[];
  readonly exclude: readonly string[];
  /** `schema.table`, with `*` for any characters. */
  readonly excludeTables: readonly string[];
  readonly connectionLimit?: number;
  readonly statementTimeoutMs?: number;
  /** The roles that make tables; empty: those that the catalog knows. */
  readonly owners: readonly string[];
  readonly futureTables: boolean;
  /** Use a role and a schema of that name that are there already. */
  readonly adoptExisting: boolean;
  /** For the comments on role and schema. */
  readonly stackName: string;
}
