/** PostgreSQL truncates longer names: NAMEDATALEN - 1 (manual, section 4.1.1). */
export const MAX_NAME_BYTES = 63;
/** The role names that CREATE ROLE rejects, or that RDS reserves. */
const RESERVED_ROLES = [
  'public',
  'none',
  'rdsadmin',
  'rds_superuser',
  'rds_replication',
  'rds_iam',
  'rds_password',
];

/** Returns a name as a quoted identifier of SQL (manual, section 4.1.1). */
export const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** The prefix `pg_` is reserved for system schemas and roles (manual, sections 5.10 and 22.5). */
const isSystemName = (name: string) => name.startsWith('pg_');

/** Returns why a role cannot have a name; `what` names the setting. */
export function roleNameProblem(what: string, name: string): string | undefined {
  if (isSystemName(name))
    return `${what} must not start with pg_, PostgreSQL keeps that prefix for itself, got: ${name}`;
  if (RESERVED_ROLES.includes(name))
    return `${what} must not be one of ${RESERVED_ROLES.join(', ')}, got: ${name}`;
  return undefined;
}

/** Returns why a schema of a name cannot be granted, excluded or created; `what` names the setting. */
export function schemaNameProblem(what: string, name: string): string | undefined {
  if (isSystemName(name) || name === 'information_schema')
    return `${what} must not name a schema of PostgreSQL itself (pg_*, information_schema), got: ${name}`;
  return undefined;
}
