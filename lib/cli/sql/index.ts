import { roleNameProblem, schemaNameProblem } from '../../private/access/postgres-names';
import { tablePatternProblem } from '../../private/access/table-pattern';
import { ACCESS_SETTINGS, MAX_INT } from '../../private/wire/settings';
import { checkedName, checkedNames } from '../names';
import { defineCommand, UsageError, type Values, wholeNumber } from '../command';
import { installScript } from './install';
import { removalScript } from './remove';
import type { SqlOptions } from './options';
import { psqlCommands } from '../../private/references';

const { roleName, tempSchema } = ACCESS_SETTINGS;

const OPTIONS = {
  database: { value: 'NAME', multiple: true, help: 'a database to read; may be given several times' },
  schemas: {
    value: 'A,B',
    multiple: true,
    help: 'the schemas to read [all: not those of PostgreSQL, of extensions or of RDS]',
  },
  exclude: { value: 'A,B', multiple: true, help: 'schemas not to read' },
  'exclude-tables': {
    value: 'A,B',
    multiple: true,
    help: 'tables and views not to read: schema.table, with * for any characters',
  },
  role: { value: 'NAME', default: roleName.fallback, help: 'the role' },
  'temp-schema': { value: 'NAME', default: tempSchema.fallback, help: 'the schema for temporary tables' },
  owners: {
    value: 'A,B',
    multiple: true,
    help: 'the roles that create future tables [those that own tables when the statements are run]',
    conflicts: ['no-future-tables'],
  },
  'connection-limit': {
    value: 'N',
    help: 'the maximum number of connections of the role [no limit is set]',
  },
  'statement-timeout': {
    value: 'N',
    help: 'the seconds after which a statement of the role is canceled [no timeout is set]',
  },
  'no-future-tables': { help: 'no default privileges for future tables' },
  'adopt-existing': { help: 'use an existing role and schema of that name' },
  stack: {
    value: 'NAME',
    default: 'none',
    help: 'the stack of the other resources, for the comments on role and schema',
  },
  remove: { help: 'print the statements that remove role, schema and grants' },
} as const;

/** `sql`: prints the statements for a database administrator. */
export const sqlCommand = defineCommand({
  name: 'sql',
  summary: 'print the statements that let Datafold read PostgreSQL, for a database administrator to run',
  description:
    'Prints the statements that grant Datafold read access to PostgreSQL, for a database administrator to review and run with psql. Printing them opens no connection.',
  usage: '--database NAME [options]',
  options: OPTIONS,
  notes: `Example:

  npx cdk-datafold-postgres sql --database app --schemas public,sales > datafold.sql
  ${psqlCommands('postgres', '-f datafold.sql').join('\n  ')}

psql asks for the password of the role and neither prints it nor sends it in plain text. Store the same password
in the secret of SqlExecution.byDba({ passwordSecret }).
Exit status: 0 if the statements are printed, 2 for invalid options.`,
  async run(values, { out }) {
    out(sql(values));
    return 0;
  },
});

function sql(values: Values<typeof OPTIONS>): string {
  const seconds = wholeNumber('statement-timeout', values['statement-timeout'], Math.floor(MAX_INT / 1_000));
  const options: SqlOptions = {
    roleName: checkedName('role', values.role),
    tempSchema: checkedName('temp-schema', values['temp-schema']),
    databases: (values.database ?? []).map((name) => checkedName('database', name)),
    schemas: checkedNames('schemas', values.schemas),
    exclude: checkedNames('exclude', values.exclude),
    excludeTables: (values['exclude-tables'] ?? [])
      .flatMap((value) => value.split(','))
      .map((one) => one.trim()),
    connectionLimit: wholeNumber('connection-limit', values['connection-limit'], MAX_INT),
    statementTimeout: seconds && seconds * 1_000,
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
  const isLimited = options.connectionLimit !== undefined || options.statementTimeout !== undefined;
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
