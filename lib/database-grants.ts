/**
 * What Datafold may read in one database.
 */
export interface DatabaseGrants {
  /**
   * The name of the database.
   *
   * Case-sensitive, without quotes, as in `pg_database.datname`.
   */
  readonly databaseName: string;

  /**
   * The schemas whose tables Datafold may read.
   *
   * The deployment fails if a schema does not exist.
   *
   * @default - all schemas except those of PostgreSQL, of extensions and of RDS
   */
  readonly schemas?: string[];

  /**
   * The schemas that Datafold may not read, if `schemas` is not given.
   *
   * @default - none
   */
  readonly excludeSchemas?: string[];

  /**
   * The tables and views that Datafold may not read, as patterns: `schema.table`, with `*` for any characters.
   *
   * A part in double quotes is taken literally: `"odd.schema"."table*"`. A grant on an excluded table is revoked. Views of an
   * excluded table, and the parent of an excluded partition, still show its rows: exclude them too. A table that is created later and
   * matches a pattern is readable until the next deployment, or the next run of `reconcile` with `repair`, since default privileges
   * cannot have exceptions.
   *
   * @default - none
   */
  readonly excludeTables?: string[];

  /**
   * The name of the data source in Datafold.
   *
   * @default - the identifier of the server and the name of the database: `my-cluster/app`
   */
  readonly dataSourceName?: string;
}
