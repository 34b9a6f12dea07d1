import { Token } from 'aws-cdk-lib';
import { MAX_NAME_BYTES, roleNameProblem, schemaNameProblem } from './postgres-names';

/** Returns the problems with a PostgreSQL name; tokens are not checked. */
function nameProblems(prop: string, name: string): string[] {
  if (Token.isUnresolved(name)) return [];
  if (name === '') return [`\`${prop}\` must not be empty`];
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES)
    return [
      `\`${prop}\` must be at most ${MAX_NAME_BYTES} bytes long (PostgreSQL would cut it off), got ${bytes} bytes: ${name}`,
    ];
  if (name.includes('\0')) return [`\`${prop}\` must not hold a NUL character, got: ${JSON.stringify(name)}`];
  return [];
}

/** Returns the problems with the name of a role that this library creates. */
export function roleProblems(prop: string, name: string): string[] {
  const problem = Token.isUnresolved(name) ? undefined : roleNameProblem(`\`${prop}\``, name);
  return problem === undefined ? nameProblems(prop, name) : [problem];
}

/** Returns the problems with the name of a schema that is granted, excluded or created. */
export function schemaProblems(prop: string, name: string): string[] {
  const problem = Token.isUnresolved(name) ? undefined : schemaNameProblem(`\`${prop}\``, name);
  return problem === undefined ? nameProblems(prop, name) : [problem];
}

/** Returns the problems with the name of a database. */
export function databaseProblems(prop: string, name: string): string[] {
  if (['template0', 'rdsadmin'].includes(name))
    return [`\`${prop}\` must be a database that the admin may connect to, got: ${name}`];
  return nameProblems(prop, name);
}
