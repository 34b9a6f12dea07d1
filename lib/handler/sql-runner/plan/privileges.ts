import { ident } from '../identifiers';

/**
 * The texts of grants and revokes, each written once: the functions run them, messages quote them, and the script for database
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

/** Returns the options of a membership. PostgreSQL 16 and later. */
export const membershipOptions = (inheritSql: string, setSql: string) =>
  ` WITH INHERIT ${inheritSql}, SET ${setSql}`;

/** The options of a membership that lets the administrator use all privileges of the role. PostgreSQL 16 and later. */
export const FULL_MEMBERSHIP = membershipOptions('TRUE', 'TRUE');

/** Returns `GRANT … TO CURRENT_USER`, which makes the administrator a member of one role or several. */
export const grantMembership = (rolesSql: string, optionsSql: string) =>
  `GRANT ${rolesSql} TO CURRENT_USER${optionsSql}`;

/** Returns the end of the administrator's memberships in one role or several. */
export const revokeMembership = (rolesSql: string) => `REVOKE ${rolesSql} FROM CURRENT_USER`;

/** Returns the end of a membership of another role; `bySql` is empty or `GRANTED BY` with a space before it. */
export const revokeMember = (roleSql: string, memberSql: string, bySql: string) =>
  `REVOKE ${roleSql} FROM ${memberSql}${bySql} CASCADE`;

/** Returns `REVOKE … CASCADE`, for one object or several of a kind. */
export const revoke = (privileges: string, objectsSql: string, fromSql: string) =>
  `REVOKE ${privileges} ON ${objectsSql} FROM ${fromSql} CASCADE`;

/** Returns the end of default privileges; `scopeSql` is empty or `IN SCHEMA …` with a space before it. */
export const revokeLater = (creatorSql: string, scopeSql: string, objects: string, fromSql: string) =>
  `ALTER DEFAULT PRIVILEGES FOR ROLE ${creatorSql}${scopeSql} ${revoke('ALL', objects, fromSql)}`;

/** Returns `DROP USER MAPPING`. */
export const dropUserMapping = (roleSql: string, serverSql: string) =>
  `DROP USER MAPPING FOR ${roleSql} SERVER ${serverSql}`;

/** Returns `DROP SCHEMA … CASCADE`, for the schema of temporary tables. */
export const dropSchema = (schema: string) => `DROP SCHEMA ${ident(schema)} CASCADE`;

/** Returns `DROP OWNED`. */
export const dropOwned = (roleName: string) => `DROP OWNED BY ${ident(roleName)}`;

/** Returns `DROP ROLE`. */
export const dropRole = (roleName: string) => `DROP ROLE ${ident(roleName)}`;
