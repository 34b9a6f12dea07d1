import type { SessionSetting } from '../../../../lib/handler/sql-runner/catalog/session-settings';
import {
  judgeSettings,
  SETTING_NAMES,
  settingBehind,
} from '../../../../lib/handler/sql-runner/plan/session-settings';

const setting = (name: string, value: string, facts: Partial<SessionSetting> = {}): SessionSetting => ({
  name,
  value,
  builtIn: '0',
  roleName: 'datafold',
  databaseName: null,
  isSetFor: true,
  ...facts,
});
const judge = (...settings: SessionSetting[]) => judgeSettings(settings, 'datafold');

test.each([
  ['role', 'amy', 'sessions act as that role and have only its privileges'],
  ['statement_timeout', '59999', 'statements that take longer fail'],
  ['transaction_timeout', '1', 'sessions with longer transactions are terminated'],
  ['lock_timeout', '999', 'statements that wait longer for a lock fail'],
  ['idle_in_transaction_session_timeout', '59999', 'sessions that are idle for longer are terminated'],
  ['idle_session_timeout', '59999', 'sessions that are idle for longer are terminated'],
  ['default_transaction_read_only', 'on', 'the role cannot write'],
  [
    'default_transaction_isolation',
    'serializable',
    'statements may fail with 40001 during concurrent writes',
  ],
  ['row_security', 'off', 'reading fails wherever row-level security applies to the role'],
  ['search_path', 'public, pg_catalog', 'other functions and operators override the built-in ones'],
  ['search_path', '"a","pg_catalog"', 'other functions and operators override the built-in ones'],
  ['default_tablespace', 'fast', 'tables of the role are created in that tablespace'],
  ['temp_tablespaces', 'fast', 'temporary files of the role are written to that tablespace'],
  ['standard_conforming_strings', 'off', 'a backslash in a string literal is an escape character'],
  ['transform_null_equals', 'on', '`= NULL` matches rows'],
  ['DateStyle', 'German', 'dates have another text format'],
  ['IntervalStyle', 'iso_8601', 'intervals have another text format'],
  ['bytea_output', 'escape', 'binary values have another text format'],
])('%s = %s is reported: %s', (name, value, effect) => {
  const unit = name.endsWith('timeout') ? ' ms' : '';
  expect(judge(setting(name, value))).toEqual([
    {
      setting: name,
      value: `${value}${unit}`,
      effect,
      statement: `ALTER ROLE "datafold" RESET ${name};`,
    },
  ]);
  expect(SETTING_NAMES).toContain(name);
});

test.each([
  ['statement_timeout', '0'],
  ['statement_timeout', '60000'],
  ['transaction_timeout', '60000'],
  ['lock_timeout', '0'],
  ['lock_timeout', '1000'],
  ['idle_session_timeout', '60000'],
  ['default_transaction_read_only', 'off'],
  ['default_transaction_isolation', 'read committed'],
  ['default_transaction_isolation', 'read uncommitted'],
  ['row_security', 'on'],
  ['search_path', '"$user", public'],
  ['search_path', 'pg_catalog, public'],
  ['search_path', '"pg_catalog", a, pg_catalog'],
  ['search_path', 'public, not_pg_catalog'],
  ['default_tablespace', ''],
  ['temp_tablespaces', ''],
  ['standard_conforming_strings', 'on'],
  ['transform_null_equals', 'off'],
  ['DateStyle', 'ISO, DMY'],
  ['IntervalStyle', 'postgres'],
  ['bytea_output', 'hex'],
  ['work_mem', '64'],
])('%s = %s is not', (name, value) => {
  expect(judge(setting(name, value))).toEqual([]);
});

test.each<[string, Partial<SessionSetting>, string]>([
  ['for the role', {}, 'ALTER ROLE "datafold" RESET lock_timeout;'],
  ['for the role in a database', { databaseName: 'app' }, 'ALTER ROLE "datafold" IN DATABASE "app" RESET lock_timeout;'], // prettier-ignore
  ['in a database', { roleName: null, databaseName: 'app' }, 'ALTER DATABASE "app" RESET lock_timeout;'],
  ['for all roles', { roleName: null }, 'ALTER ROLE ALL RESET lock_timeout;'],
  ['by the server', { roleName: null, isSetFor: false }, `ALTER ROLE "datafold" SET lock_timeout = '0';`],
])('a setting that is made %s ends by a statement of its own', (_where, facts, statement) => {
  expect(judge(setting('lock_timeout', '1', facts))[0].statement).toBe(statement);
});

test.each([
  ['25006', 'default_transaction_read_only'],
  ['57014', 'statement_timeout'],
  ['25P04', 'transaction_timeout'],
  ['25P03', 'idle_in_transaction_session_timeout'],
  ['57P05', 'idle_session_timeout'],
  ['55P03', 'lock_timeout'],
  ['42501', 'role'],
  ['42501', 'default_tablespace'],
])('a statement that fails with %s may do so because of %s', (code, name) => {
  const report = { setting: name, value: '1', effect: 'e', statement: 's' };
  const other = { ...report, setting: 'bytea_output' };
  expect(settingBehind(code, [other, report])).toBe(report);
  expect(settingBehind(code, [other])).toBeUndefined();
  expect(settingBehind('42P01', [report])).toBeUndefined();
  expect(settingBehind(undefined, [report])).toBeUndefined();
});
