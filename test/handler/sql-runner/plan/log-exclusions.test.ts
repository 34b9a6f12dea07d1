import { planLogExclusions } from '../../../../lib/handler/sql-runner/plan/log-exclusions';

const role = (logStatement?: string, exists = true) => ({
  kind: 'role' as const,
  name: 'etl',
  exists,
  logStatement,
});
const database = (logStatement?: string) => ({
  kind: 'database' as const,
  name: 'jobs',
  exists: true,
  logStatement,
});

test('a role or database without a setting is excluded from the log', () => {
  expect(planLogExclusions([role(), database()], [])).toStrictEqual({
    statements: [
      `ALTER ROLE "etl" SET log_statement = 'NONE'`,
      `ALTER DATABASE "jobs" SET log_statement = 'NONE'`,
    ],
    problems: [],
    notices: [],
  });
});

test('an excluded name needs no statement; an exclusion by another role is kept', () => {
  expect(planLogExclusions([role('NONE')], [])).toStrictEqual({ statements: [], problems: [], notices: [] });
  expect(planLogExclusions([role('none'), database('None')], [])).toStrictEqual({
    statements: [],
    problems: [],
    notices: [
      'The role "etl" was already excluded from the log.',
      'The database "jobs" was already excluded from the log.',
    ],
  });
});

test('a name that does not exist, or has another setting, is a problem', () => {
  expect(planLogExclusions([role(undefined, false), database('ddl')], [])).toStrictEqual({
    statements: [],
    problems: ['role "etl" does not exist', 'database "jobs" has log_statement=ddl set'],
    notices: [],
  });
});

test('ending an exclusion resets only the setting of this library', () => {
  expect(planLogExclusions([], [role('NONE'), database('NONE')])).toStrictEqual({
    statements: ['ALTER ROLE "etl" RESET log_statement', 'ALTER DATABASE "jobs" RESET log_statement'],
    problems: [],
    notices: [],
  });
  expect(planLogExclusions([], [role('none'), database(), role('none', false)])).toStrictEqual({
    statements: [],
    problems: [],
    notices: ['The role "etl" keeps log_statement=none, which another role has set.'],
  });
});
