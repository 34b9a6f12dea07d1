import { parseArgs } from 'node:util';
import { roleNameProblem, schemaNameProblem } from '../../private/access/postgres-names';
import { tablePatternProblem } from '../../private/access/table-pattern';
import { ACCESS_SETTINGS } from '../../private/wire/settings';
import { checkedName, checkedNames } from '../names';
import { UsageError } from '../usage';
import { installScript } from './install';
import { checkedNumber } from './limits';
import { removalScript } from './remove';
import type { SqlOptions } from './options';

const { roleName, tempSchema } = ACCESS_SETTINGS;

/** The text of `sql --help`. */
export const SQL_HELP = `Usage: cdk-datafold-postgres sql --database NAME [options]

Prints the statements that grant Datafold read access to PostgreSQL, for a database administrator to review and run with psql:

  npx cdk-datafold-postgres sql --database app --schemas public,sales > datafold.sql
  psql -h HOST -U ADMIN -d postgres -f datafold.sql

psql asks for the password of the role and neither prints it nor sends it in plain text. Store the same password in the secret
of SqlExecution.byDba({ passwordSecret }). Printing the statements opens no connection.

  --database NAME       a database to read; may be given several times
  --schemas A,B         the schemas to read [all: not those of PostgreSQL, of extensions or of RDS]
  --exclude A,B         schemas not to read
  --exclude-tables A,B  tables and views not to read: schema.table, with * for any characters
  --role NAME           the role [${roleName.fallback}]
  --temp-schema NAME    the schema for temporary tables [${tempSchema.fallback}]
  --owners A,B          the roles that create future tables [those that own tables when the statements are run]
  --connection-limit N  the maximum number of connections of the role [no limit is set]
  --statement-timeout N the seconds after which a statement of the role is canceled [no timeout is set]
  --no-future-tables    no default privileges for future tables
  --adopt-existing      use an existing role and schema of that name
  --stack NAME          the stack of the other resources, for the comments on role and schema [none]
  --remove              print the statements that remove role, schema and grants
  -h, --help            this text
`;

/** The options of the command. */
export const OPTIONS = {
  database: { type: 'string', multiple: true },
  schemas: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  'exclude-tables': { type: 'string', multiple: true },
  'connection-limit': { type: 'string' },
  'statement-timeout': { type: 'string' },
  role: { type: 'string', default: roleName.fallback },
  'temp-schema': { type: 'string', default: tempSchema.fallback },
  owners: { type: 'string', multiple: true },
  'no-future-tables': { type: 'boolean', default: false },
  'adopt-existing': { type: 'boolean', default: false },
  stack: { type: 'string', default: 'none' },
  remove: { type: 'boolean', default: false },
} as const;

/** Runs `cdk-datafold-postgres sql`: returns the script. */
export async function sql(args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const options: SqlOptions = {
    roleName: checkedName('role', values.role),
    tempSchema: checkedName('temp-schema', values['temp-schema']),
    databases: (values.database ?? []).map((name) => checkedName('database', name)),
    schemas: checkedNames('schemas', values.schemas),
    exclude: checkedNames('exclude', values.exclude),
    excludeTables: (values['exclude-tables'] ?? [])
      .flatMap((value) => value.split(','))
      .map((one) => one.trim()),
    connectionLimit: checkedNumber('connection-limit', values['connection-limit']),
    statementTimeoutMs: checkedNumber('statement-timeout', values['statement-timeout'], 1_000),
    owners: checkedNames('owners', values.owners),
    futureTables: !values['no-future-tables'],
    adoptExisting: values['adopt-existing'],
    stackName: checkedName('stack', values.stack),
  };
  check(options);
  return values.remove ? removalScript(options) : installScript(options);
}

function check(options: SqlOptions): void {
  const { databases, schemas, exclude, tempSchema, roleName } = options;
  if (databases.length === 0)
    throw new UsageError('--database is missing: name the database that Datafold is to read');
  refuse(roleNameProblem('--role', roleName));
  for (const name of schemas) refuse(schemaNameProblem('--schemas', name));
  for (const name of exclude) refuse(schemaNameProblem('--exclude', name));
  refuse(schemaNameProblem('--temp-schema', tempSchema));
  if (schemas.includes(tempSchema))
    throw new UsageError(`--schemas must not name the schema for temporary tables, got: ${tempSchema}`);
  for (const text of options.excludeTables) refuse(tablePatternProblem('--exclude-tables', text));
  const isLimited = options.connectionLimit !== undefined || options.statementTimeoutMs !== undefined;
  if (isLimited && options.adoptExisting)
    throw new UsageError(
      '--connection-limit and --statement-timeout have no effect with --adopt-existing: set them yourself (ALTER ROLE)',
    );
  const both = schemas.find((name) => exclude.includes(name));
  if (both !== undefined) throw new UsageError(`--schemas and --exclude both name ${both}`);
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(problem);
}
