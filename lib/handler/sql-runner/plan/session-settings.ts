import type { SettingReport } from '../../../private/wire/sql-reports';
import type { SessionSetting } from '../catalog/session-settings';
import { ident, literal } from '../identifiers';

/** Queries of Datafold may take this long. */
const MIN_TIMEOUT_MS = 60_000;
const MIN_LOCK_TIMEOUT_MS = 1_000;

const below = (limit: number) => (value: string) => Number(value) > 0 && Number(value) < limit;
const is = (bad: string) => (value: string) => value === bad;

interface Rule {
  readonly isBad: (value: string) => boolean;
  readonly effect: string;
  readonly unit?: string;
}

const ENDS_SESSIONS = 'sessions that are idle for longer are terminated';

/** Settings with values that affect Datafold. Other settings and values do not. */
const RULES: Readonly<Record<string, Rule>> = {
  role: { isBad: () => true, effect: 'sessions act as that role and have only its privileges' },
  statement_timeout: {
    isBad: below(MIN_TIMEOUT_MS),
    effect: 'statements that take longer fail',
    unit: ' ms',
  },
  transaction_timeout: {
    isBad: below(MIN_TIMEOUT_MS),
    effect: 'sessions with longer transactions are terminated',
    unit: ' ms',
  },
  lock_timeout: {
    isBad: below(MIN_LOCK_TIMEOUT_MS),
    effect: 'statements that wait longer for a lock fail',
    unit: ' ms',
  },
  idle_in_transaction_session_timeout: {
    isBad: below(MIN_TIMEOUT_MS),
    effect: ENDS_SESSIONS,
    unit: ' ms',
  },
  idle_session_timeout: { isBad: below(MIN_TIMEOUT_MS), effect: ENDS_SESSIONS, unit: ' ms' },
  default_transaction_read_only: { isBad: is('on'), effect: 'the role cannot write' },
  default_transaction_isolation: {
    isBad: (value) => value !== 'read committed' && value !== 'read uncommitted',
    effect: 'statements may fail with 40001 during concurrent writes',
  },
  row_security: {
    isBad: is('off'),
    effect: 'reading fails wherever row-level security applies to the role',
  },
  restrict_nonsystem_relation_kind: {
    isBad: (value) => value !== '',
    effect: 'reading relations of these kinds fails',
  },
  gin_fuzzy_search_limit: {
    isBad: (value) => value !== '0',
    effect: 'scans of GIN indexes may return only some of the rows',
  },
  exit_on_error: { isBad: is('on'), effect: 'each error ends the session' },
  search_path: {
    isBad: (value) =>
      /(^|,)\s*"?pg_catalog"?\s*(,|$)/.test(value) && !/^\s*"?pg_catalog"?\s*(,|$)/.test(value),
    effect: 'other functions and operators override the built-in ones',
  },
  default_tablespace: {
    isBad: (value) => value !== '',
    effect: 'tables of the role are created in that tablespace',
  },
  temp_tablespaces: {
    isBad: (value) => value !== '',
    effect: 'temporary files of the role are written to that tablespace',
  },
  standard_conforming_strings: {
    isBad: is('off'),
    effect: 'a backslash in a string literal is an escape character',
  },
  transform_null_equals: { isBad: is('on'), effect: '`= NULL` matches rows' },
  DateStyle: { isBad: (value) => !value.startsWith('ISO'), effect: 'dates have another text format' },
  IntervalStyle: { isBad: (value) => value !== 'postgres', effect: 'intervals have another text format' },
  bytea_output: { isBad: is('escape'), effect: 'binary values have another text format' },
};

/** The settings that are checked. */
export const SETTING_NAMES = Object.keys(RULES);

/** Reports the settings of sessions of `role` that affect Datafold, with the statements that reset them. */
export function judgeSettings(settings: readonly SessionSetting[], role: string): SettingReport[] {
  return settings
    .filter(({ name, value }) => RULES[name]?.isBad(value))
    .map((setting) => ({
      setting: setting.name,
      value: `${setting.value}${RULES[setting.name].unit ?? ''}`,
      effect: RULES[setting.name].effect,
      statement: statementFor(setting, role),
    }));
}

function statementFor({ name, builtIn, roleName, databaseName, isSetFor }: SessionSetting, role: string) {
  const [inDatabase, ofRole] = [databaseName ?? undefined, roleName ?? undefined];
  if (!isSetFor) return `ALTER ROLE ${ident(role)} SET ${name} = ${literal(builtIn)};`;
  if (ofRole === undefined && inDatabase !== undefined)
    return `ALTER DATABASE ${ident(inDatabase)} RESET ${name};`;
  const of = ofRole === undefined ? 'ALL' : ident(ofRole);
  const where = inDatabase === undefined ? '' : ` IN DATABASE ${ident(inDatabase)}`;
  return `ALTER ROLE ${of}${where} RESET ${name};`;
}

/** The settings that can cause each error code. */
const CAUSES: Readonly<Record<string, readonly string[]>> = {
  '25006': ['default_transaction_read_only'],
  '57014': ['statement_timeout'],
  '25P04': ['transaction_timeout'],
  '25P03': ['idle_in_transaction_session_timeout'],
  '57P05': ['idle_session_timeout'],
  '55P03': ['lock_timeout'],
  '42501': ['role', 'default_tablespace'],
};

/** Returns the setting that probably caused a statement to fail with `code`. */
export function settingBehind(
  code: string | undefined,
  settings: readonly SettingReport[],
): SettingReport | undefined {
  return settings.find(({ setting }) => CAUSES[code ?? '']?.includes(setting));
}
