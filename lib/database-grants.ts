/**
 * What Datafold may read in one database.
 */
export interface DatabaseGrants {
  /**
   * The name of the database.
   *
   * Written as PostgreSQL stores it: upper case, spaces and other characters are taken literally.
   */
  readonly databaseName: string;

  /**
   * The schemas whose tables Datafold may read.
   *
   * A schema that does not exist fails the deployment.
   *
   * @default - all schemas that hold the database's own tables: not those of PostgreSQL, of extensions or of RDS
   */
  readonly schemas?: string[];

  /**
   * Schemas that Datafold may not read, when `schemas` is not given.
   *
   * @default - none
   */
  readonly excludeSchemas?: string[];

  /**
   * Tables and views that Datafold may not read: `schema.table`, with `*` for any characters.
   *
   * What is in double quotes stands for itself: `"odd.schema"."table*"`. One that was readable before is taken away. Views over such a
   * table, and the parent of a partition, show its rows all the same: exclude them, too. A table that is made later by such a name
   * is readable until the next deployment, or the next run of `reconcile` with `repair`: default privileges know no exceptions.
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
