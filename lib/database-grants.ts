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
   * The name of the data source in Datafold.
   *
   * @default - the identifier of the server and the name of the database: `my-cluster/app`
   */
  readonly dataSourceName?: string;
}
