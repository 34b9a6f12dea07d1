import type { Setting } from '../aws/rds-ports';

/** The parameters that statement logging is about. */
export const PARAMETERS = ['log_statement', 'log_parameter_max_length'] as const;
export type ParameterName = (typeof PARAMETERS)[number];

/** A value for some of them; without a value: the engine's default. */
export type Settings = Readonly<Partial<Record<ParameterName, Setting>>>;

/** The values of log_statement that hold what Datafold reads (PostgreSQL manual, section 19.8.3). */
export function logsEnough(logStatement: string | undefined): boolean {
  return logStatement === 'mod' || logStatement === 'all';
}

/** What has to differ from `base`, the settings without our doing. Nothing where they will do. */
export function neededChanges(base: Settings, wanted: { readonly logBindValues: boolean }): Settings {
  return {
    ...(!logsEnough(base.log_statement?.value) && { log_statement: { value: 'mod' } }),
    ...(!wanted.logBindValues &&
      base.log_parameter_max_length?.value !== '0' && { log_parameter_max_length: { value: '0' } }),
  };
}

/** The settings of `to` that differ in `from`. */
export function differing(from: Settings, to: Settings): Settings {
  return Object.fromEntries(
    Object.entries(to).filter(([name, { value }]) => from[name as ParameterName]?.value !== value),
  );
}

/** As it is written in messages. */
export function textOf({ value }: Setting = {}): string {
  return value ?? 'the default';
}
