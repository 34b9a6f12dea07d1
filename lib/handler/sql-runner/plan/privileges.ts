import { ident } from '../identifiers';

/**
 * The texts of the grants, each written once: the functions run them, messages quote them, and the script for database
 * administrators prints them. Parameters named `…Sql` are quoted already; statements have no semicolon.
 */

/** Returns `GRANT CONNECT ON DATABASE`. */
export const grantConnect = (database: string, roleName: string) =>
  `GRANT CONNECT ON DATABASE ${ident(database)} TO ${ident(roleName)}`;

/** Returns `REVOKE CONNECT ON DATABASE`. */
export const revokeConnect = (databaseSql: string, fromSql: string) =>
  `REVOKE CONNECT ON DATABASE ${databaseSql} FROM ${fromSql}`;

/** Returns `GRANT USAGE ON SCHEMA`, for one schema or several. */
export const grantUsage = (schemasSql: string, roleName: string) =>
  `GRANT USAGE ON SCHEMA ${schemasSql} TO ${ident(roleName)}`;

/** Returns `GRANT ALL ON SCHEMA`, for the schema of temporary tables. */
export const grantAllOnSchema = (schema: string, roleName: string) =>
  `GRANT ALL ON SCHEMA ${ident(schema)} TO ${ident(roleName)}`;

/** Returns `GRANT SELECT ON TABLE`, for one relation or several. */
export const grantSelect = (relationsSql: string, roleName: string) =>
  `GRANT SELECT ON TABLE ${relationsSql} TO ${ident(roleName)}`;

/** Returns the default privilege by which the role reads what `creator` creates later. */
export const grantSelectLater = (creator: string, schemasSql: string, roleName: string) =>
  `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(creator)} IN SCHEMA ${schemasSql} GRANT SELECT ON TABLES TO ${ident(roleName)}`;
