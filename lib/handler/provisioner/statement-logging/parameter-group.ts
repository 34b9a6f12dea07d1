import { createHash } from 'node:crypto';
import type { ServerName, Setting } from '../aws/rds-ports';

/** The parameters that statement logging sets. */
export const PARAMETERS = ['log_statement', 'log_parameter_max_length'] as const;
/** The name of such a parameter. */
export type ParameterName = (typeof PARAMETERS)[number];

/** Values of some of the parameters; no value means the engine's default. */
export type Settings = Readonly<Partial<Record<ParameterName, Setting>>>;

/** True for the values of log_statement that log what Datafold reads (PostgreSQL manual, section 19.8.3). */
export function logsEnough(logStatement: string | undefined): boolean {
  return logStatement === 'mod' || logStatement === 'all';
}

/** Returns the settings that must differ from `base`, the settings without this library's changes. */
export function neededChanges(base: Settings, desired: { readonly logBindValues: boolean }): Settings {
  return {
    ...(!logsEnough(base.log_statement?.value) && { log_statement: { value: 'mod' } }),
    ...(!desired.logBindValues &&
      base.log_parameter_max_length?.value !== '0' && { log_parameter_max_length: { value: '0' } }),
  };
}

/** Returns the settings of `to` that differ in `from`. */
export function differing(from: Settings, to: Settings): Settings {
  return Object.fromEntries(
    Object.entries(to).filter(([name, { value }]) => from[name as ParameterName]?.value !== value),
  );
}

/** Formats a setting for messages. */
export function textOf({ value }: Setting = {}): string {
  return value ?? 'the default';
}

/**
 * Returns the name of this library's parameter group for a server; `name` is unique to the construct.
 *
 * The server is part of the name: if a construct moves to another server, both groups exist for a while.
 */
export function ownGroupName(name: string, server: ServerName): string {
  return `${name.slice(0, 240)}${suffixFor(server)}`;
}

/** True for the name of a group that this library may have created for the server in any stack. */
export function isNamedFor(group: string, server: ServerName): boolean {
  return group.startsWith('datafold-') && group.endsWith(suffixFor(server));
}

function suffixFor({ kind, identifier }: ServerName): string {
  const hash = createHash('sha256').update(`${kind}/${identifier}`).digest('hex');
  return `-${hash.slice(0, 8)}`;
}

/** True for a default group of AWS, which can't be changed, copied or deleted. */
export function isDefaultGroup(name: string): boolean {
  return name.startsWith('default.');
}

/** Returns the family in the name of a default group. */
export function familyInName(name: string): string | undefined {
  return isDefaultGroup(name) ? name.slice('default.'.length) : undefined;
}

/** Returns the name of the default group of a family. */
export function defaultGroup(family: string): string {
  return `default.${family}`;
}
