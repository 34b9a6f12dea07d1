import { scriptOf } from './support/run';

test.each([[[]], [['--remove']]])(
  'psql shows nothing in a pager, which would wait in the middle of a transaction: %j',
  async (more) => {
    const script = await scriptOf(['--database', 'app', ...more]);
    const lines = script.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
    expect(lines.slice(0, 4)).toEqual([
      '\\set ON_ERROR_STOP on',
      '\\set ECHO errors',
      '\\set QUIET on',
      '\\pset pager off',
    ]);
  },
);

test.each([
  [[], '--database is missing: name the database that Datafold is to read'],
  [['--database', 'a\nb'], '--database must not hold control characters, got: "a\\nb"'],
  [
    ['--database', 'app', '--role', 'x'.repeat(64)],
    `--role must be at most 63 bytes long, got: "${'x'.repeat(64)}"`,
  ],
  [['--database', 'app', '--schemas', 'a,,b'], '--schemas must not be empty, got: ""'],
  [
    ['--database', 'app', '--schemas', 'datafold_tmp'],
    '--schemas must not name the schema for temporary tables, got: datafold_tmp',
  ],
  [['--database', 'app', '--schemas', 'a', '--exclude', 'a'], '--schemas and --exclude both name a'],
  [
    ['--database', 'app', '--role', 'pg_x'],
    '--role must not start with pg_, PostgreSQL keeps that prefix for itself, got: pg_x',
  ],
  [
    ['--database', 'app', '--role', 'rds_superuser'],
    '--role must not be one of public, none, rdsadmin, rds_superuser, rds_replication, rds_iam, rds_password, got: rds_superuser',
  ],
  [
    ['--database', 'app', '--temp-schema', 'information_schema'],
    '--temp-schema must not name a schema of PostgreSQL itself (pg_*, information_schema), got: information_schema',
  ],
  [
    ['--database', 'app', '--schemas', 'sales,pg_catalog'],
    '--schemas must not name a schema of PostgreSQL itself (pg_*, information_schema), got: pg_catalog',
  ],
  [
    ['--database', 'app', '--exclude-tables', 'sales.a,orders'],
    '--exclude-tables must be schema.table, with * for any characters and double quotes around names that have a dot, got: orders',
  ],
  [
    ['--database', 'app', '--connection-limit', '0'],
    '--connection-limit must be a whole number from 1 to 2147483647, got: 0',
  ],
  [
    ['--database', 'app', '--statement-timeout', '1min'],
    '--statement-timeout must be a whole number from 1 to 2147483, got: 1min',
  ],
  [
    ['--database', 'app', '--statement-timeout', '60', '--adopt-existing'],
    '--connection-limit and --statement-timeout have no effect with --adopt-existing: set them yourself (ALTER ROLE)',
  ],
])('%j is refused', async (args, message) => {
  await expect(scriptOf(args)).rejects.toThrow(message);
});
