import type { Setting, Tags } from '../aws/rds-ports';
import { type LogGroupRecord, logGroupRecordFrom, logGroupTagsOf, type Need } from '../log-group/record-tags';
import { requestedSettings } from '../log-group/settings';
import { type ParameterName, PARAMETERS } from './parameter-group';
import type { StatementLoggingRequest } from './properties';

/** The value of a parameter before and after a change. */
export interface Change {
  readonly before: Setting;
  readonly set: Setting;
}

/**
 * The changes and the original settings: all that a removal needs.
 *
 * The record is stored in tags of the server, which are written before the first change: a Delete finds them after any failure,
 * and they are deleted with the server. Each stack and construct has its own tags.
 */
export interface LoggingRecord extends LogGroupRecord {
  /** The group that was created, and the group that was associated before. */
  readonly own?: { readonly name: string; readonly former: string };
  /** The group with changed parameters, and the changes. */
  readonly changed?: {
    readonly group: string;
    readonly changes: Readonly<Partial<Record<ParameterName, Change>>>;
  };
  readonly exportWasOff?: boolean;
}

/** The values that PostgreSQL accepts: a tag with another value was not written by this library. */
const VALUES: Readonly<Record<ParameterName, RegExp>> = {
  log_statement: /^(none|ddl|mod|all)$/,
  log_parameter_max_length: /^-?\d{1,10}$/,
};

/** Returns the tags of a record. AWS allows letters, digits, spaces and `_ . : / = + - @`, at most 256 characters. */
export function tagsOf(record: LoggingRecord, prefix: string): Tags {
  const { own, changed, exportWasOff } = record;
  const facts: [string, string][] = [];
  if (own) facts.push(['own-group', own.name], ['former-group', own.former]);
  if (changed) facts.push(['changed-group', changed.group]);
  for (const [name, { before, set }] of Object.entries(changed?.changes ?? {}))
    facts.push([name, `from ${word(before)} to ${word(set)}`]);
  if (exportWasOff) facts.push(['export', 'was off']);
  const ours = Object.fromEntries(facts.map(([name, value]) => [prefix + name, value]));
  return { ...ours, ...logGroupTagsOf(record, prefix) };
}

/** Parses the record in tags; tags of other owners are ignored. */
export function recordFrom(tags: Tags, prefix: string): LoggingRecord {
  const fact = (name: string) => tags[prefix + name];
  const [name, former, group] = [fact('own-group'), fact('former-group'), fact('changed-group')];
  const changes = PARAMETERS.flatMap((parameter) => {
    const [, before, set] = /^from (\S+) to (\S+)$/.exec(fact(parameter) ?? '') ?? [];
    if (!before || !set || !isValue(parameter, before) || !isValue(parameter, set)) return [];
    return [[parameter, { before: setting(before), set: setting(set) }] as const];
  });
  return {
    ...logGroupRecordFrom(tags, prefix),
    ...(name && former && { own: { name, former } }),
    ...(group && changes.length > 0 && { changed: { group, changes: Object.fromEntries(changes) } }),
    ...(fact('export') && { exportWasOff: true }),
  };
}

const DEFAULT = 'default';
const word = ({ value }: Setting) => (value === undefined ? DEFAULT : value);
const isValue = (parameter: ParameterName, text: string) => text === DEFAULT || VALUES[parameter].test(text);
const setting = (text: string): Setting => (text === DEFAULT ? {} : { value: text });

/** Another custom resource, of any stack, that logs the statements of the server. */
export interface CoOwner {
  readonly prefix: string;
  readonly record: LoggingRecord;
}

/** Returns the owners that recorded their requirements, in a stable order. */
export function coOwnersIn(tags: Tags, ownPrefix: string): CoOwner[] {
  const prefixes = Object.keys(tags).flatMap((key) => /^(datafold:[0-9a-f]{16}:)needs$/.exec(key)?.[1] ?? []);
  return prefixes
    .filter((prefix) => prefix !== ownPrefix)
    .sort()
    .map((prefix) => ({ prefix, record: recordFrom(tags, prefix) }));
}

export function isNeededBy({ record }: CoOwner, need: Need): boolean {
  return record.requirements?.includes(need) ?? false;
}

/** Returns the requirements of a request, which other owners respect. */
export function requirementsOf({ logBindValues, log }: StatementLoggingRequest): Need[] {
  return ['statements', ...(logBindValues ? [] : ['no-bind-values' as const]), ...requestedSettings(log)];
}
