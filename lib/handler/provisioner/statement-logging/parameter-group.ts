import { createHash } from 'node:crypto';
import type { ServerName, Setting } from '../aws/rds-ports';

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
export function neededChanges(base: Settings, desired: { readonly logBindValues: boolean }): Settings {
  return {
    ...(!logsEnough(base.log_statement?.value) && { log_statement: { value: 'mod' } }),
    ...(!desired.logBindValues &&
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

/**
 * The name of the group that is made for a server, if one is: `name` is unique to the construct.
 *
 * A construct may move on to another server, whose group is made before that of the first one goes.
 */
export function ownGroupName(name: string, server: ServerName): string {
  return `${name.slice(0, 240)}${suffixFor(server)}`;
}

/** True for the name of a group that this library may have made for the server, whatever the stack. */
export function isNamedFor(group: string, server: ServerName): boolean {
  return group.startsWith('datafold-') && group.endsWith(suffixFor(server));
}

function suffixFor({ kind, identifier }: ServerName): string {
  const hash = createHash('sha256').update(`${kind}/${identifier}`).digest('hex');
  return `-${hash.slice(0, 8)}`;
}

/** Groups of AWS's, which nobody can change, copy or delete. */
export function isDefaultGroup(name: string): boolean {
  return name.startsWith('default.');
}

/** The family in the name of a default group. */
export function familyInName(name: string): string | undefined {
  return isDefaultGroup(name) ? name.slice('default.'.length) : undefined;
}

/** A default group of the family. */
export function defaultGroup(family: string): string {
  return `default.${family}`;
}
