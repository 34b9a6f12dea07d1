import { Token } from 'aws-cdk-lib';

/** PostgreSQL cuts longer names off without an error: NAMEDATALEN - 1 (manual, section 4.1.1). */
const MAX_BYTES = 63;
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

/** What is wrong with a name for use in PostgreSQL; tokens are not looked into. */
function nameProblems(prop: string, name: string): string[] {
  if (Token.isUnresolved(name)) return [];
  if (name === '') return [`\`${prop}\` must not be empty`];
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_BYTES)
    return [
      `\`${prop}\` must be at most ${MAX_BYTES} bytes long (PostgreSQL would cut it off), got ${bytes} bytes: ${name}`,
    ];
  if (name.includes('\0')) return [`\`${prop}\` must not hold a NUL character, got: ${JSON.stringify(name)}`];
  return [];
}

/** `pg_` is the system's prefix for schemas and roles alike (manual, sections 5.10 and 22.5). */
const isSystemName = (name: string) => !Token.isUnresolved(name) && name.startsWith('pg_');

/** Rules for a role of our own. */
export function roleProblems(prop: string, name: string): string[] {
  if (isSystemName(name))
    return [`\`${prop}\` must not start with pg_, PostgreSQL keeps that prefix for itself, got: ${name}`];
  if (RESERVED_ROLES.includes(name))
    return [`\`${prop}\` must not be one of ${RESERVED_ROLES.join(', ')}, got: ${name}`];
  return nameProblems(prop, name);
}

/** Rules for a schema that is granted, excluded or made. */
export function schemaProblems(prop: string, name: string): string[] {
  if (isSystemName(name) || name === 'information_schema')
    return [
      `\`${prop}\` must not name a schema of PostgreSQL itself (pg_*, information_schema), got: ${name}`,
    ];
  return nameProblems(prop, name);
}

/** Rules for a database that is granted. */
export function databaseProblems(prop: string, name: string): string[] {
  if (['template0', 'rdsadmin'].includes(name))
    return [`\`${prop}\` must be a database that the admin may connect to, got: ${name}`];
  return nameProblems(prop, name);
}
