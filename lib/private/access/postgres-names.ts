/** PostgreSQL cuts longer names off without an error: NAMEDATALEN - 1 (manual, section 4.1.1). */
export const MAX_NAME_BYTES = 63;
/** Role names that CREATE ROLE refuses, or that RDS keeps for itself. */
const RESERVED_ROLES = [
  'public',
  'none',
  'rdsadmin',
  'rds_superuser',
  'rds_replication',
  'rds_iam',
  'rds_password',
];

/** `pg_` is the system's prefix for schemas and roles alike (manual, sections 5.10 and 22.5). */
const isSystemName = (name: string) => name.startsWith('pg_');

/** Why a role can't have that name; `what` says where the name was given. */
export function roleNameProblem(what: string, name: string): string | undefined {
  if (isSystemName(name))
    return `${what} must not start with pg_, PostgreSQL keeps that prefix for itself, got: ${name}`;
  if (RESERVED_ROLES.includes(name))
    return `${what} must not be one of ${RESERVED_ROLES.join(', ')}, got: ${name}`;
  return undefined;
}

/** Why a schema of that name can't be granted, excluded or made. */
export function schemaNameProblem(what: string, name: string): string | undefined {
  if (isSystemName(name) || name === 'information_schema')
    return `${what} must not name a schema of PostgreSQL itself (pg_*, information_schema), got: ${name}`;
  return undefined;
}
