import type { SettingReport } from '../../../private/wire/sql';
import type { SessionSetting } from '../catalog/session-settings';
import { ident, literal } from '../identifiers';

/** Milliseconds: queries of Datafold's may take that long. */
const LONG_ENOUGH = 60_000;
const LOCK_LONG_ENOUGH = 1_000;

const below = (limit: number) => (value: string) => Number(value) > 0 && Number(value) < limit;
const is = (bad: string) => (value: string) => value === bad;

interface Rule {
  readonly isBad: (value: string) => boolean;
  readonly effect: string;
  readonly unit?: string;
}

const ENDS_SESSIONS = 'sessions that wait for longer between two queries are ended';

/** A setting that is not here, or has another value, changes nothing for Datafold. */
const RULES: Readonly<Record<string, Rule>> = {
  role: { isBad: () => true, effect: 'sessions act as that role and have its rights only' },
  statement_timeout: {
    isBad: below(LONG_ENOUGH),
    effect: 'statements that take longer fail',
    unit: ' ms',
  },
  transaction_timeout: {
    isBad: below(LONG_ENOUGH),
    effect: 'transactions that take longer are ended with their session',
    unit: ' ms',
  },
  lock_timeout: {
    isBad: below(LOCK_LONG_ENOUGH),
    effect: 'statements that wait longer for a lock fail',
    unit: ' ms',
  },
  idle_in_transaction_session_timeout: {
    isBad: below(LONG_ENOUGH),
    effect: ENDS_SESSIONS,
    unit: ' ms',
  },
  idle_session_timeout: { isBad: below(LONG_ENOUGH), effect: ENDS_SESSIONS, unit: ' ms' },
  default_transaction_read_only: { isBad: is('on'), effect: 'the role writes nowhere' },
  default_transaction_isolation: {
    isBad: (value) => value !== 'read committed' && value !== 'read uncommitted',
    effect: 'statements may fail with 40001 where others write',
  },
  row_security: {
    isBad: is('off'),
    effect: 'reading fails wherever row-level security holds for the role',
  },
  search_path: {
    isBad: (value) =>
      /(^|,)\s*"?pg_catalog"?\s*(,|$)/.test(value) && !/^\s*"?pg_catalog"?\s*(,|$)/.test(value),
    effect: "functions and operators of others come before PostgreSQL's own",
  },
  default_tablespace: { isBad: (value) => value !== '', effect: 'tables of the role are made there' },
  temp_tablespaces: { isBad: (value) => value !== '', effect: 'temporary files of the role go there' },
  standard_conforming_strings: { isBad: is('off'), effect: 'a backslash in a string escapes' },
  transform_null_equals: { isBad: is('on'), effect: '`= NULL` finds rows' },
  DateStyle: { isBad: (value) => !value.startsWith('ISO'), effect: 'dates have another form as text' },
  IntervalStyle: { isBad: (value) => value !== 'postgres', effect: 'intervals have another form as text' },
  bytea_output: { isBad: is('escape'), effect: 'binary values have another form as text' },
};

/** The settings that are looked at. */
export const SETTING_NAMES = Object.keys(RULES);

/** What somebody should know of the settings that the sessions of `role` begin with. */
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

/** The settings that make a statement fail with these codes. */
const CAUSES: Readonly<Record<string, readonly string[]>> = {
  '25006': ['default_transaction_read_only'],
  '57014': ['statement_timeout'],
  '25P04': ['transaction_timeout'],
  '25P03': ['idle_in_transaction_session_timeout'],
  '57P05': ['idle_session_timeout'],
  '55P03': ['lock_timeout'],
  '42501': ['role', 'default_tablespace'],
};

/** The setting that may be why a statement of the role failed with that code. */
export function settingBehind(
  code: string | undefined,
  settings: readonly SettingReport[],
): SettingReport | undefined {
  return settings.find(({ setting }) => CAUSES[code ?? '']?.includes(setting));
}
