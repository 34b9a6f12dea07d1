import type { Setting, Tags } from '../aws/rds-ports';
import type { LogGroupState } from '../aws/ports';
import { PARAMETERS, type ParameterName } from './parameters';

/** A parameter as it was before, and as it was left. */
export interface Change {
  readonly before: Setting;
  readonly set: Setting;
}

/** Statements are what all need, and their export; the rest is what some wished for. */
export const NEEDS = ['statements', 'no-bind-values', 'retention', 'key', 'masking'] as const;
export type Need = (typeof NEEDS)[number];

/**
 * What was changed, and how it was before: all that a removal needs to know.
 *
 * It is kept in tags of the server, which are written before anything is changed: whatever fails later, a Delete finds them,
 * and they are gone when the server is. Each stack and construct has tags of its own.
 */
export interface LoggingRecord {
  /** What this custom resource needs of the server: others must not take it away. */
  readonly needs?: readonly Need[];
  /** The group that was made, and the one that was associated before. */
  readonly own?: { readonly name: string; readonly former: string };
  /** The group whose parameters were changed, and which. */
  readonly changed?: {
    readonly group: string;
    readonly changes: Readonly<Partial<Record<ParameterName, Change>>>;
  };
  readonly exportWasOff?: boolean;
  /** The log group's settings; `made`: there was none. */
  readonly logGroup?: LogGroupState & { readonly made: boolean };
}

/** What PostgreSQL takes for them: a tag that says anything else was not written by this library. */
const VALUES: Readonly<Record<ParameterName, RegExp>> = {
  log_statement: /^(none|ddl|mod|all)$/,
  log_parameter_max_length: /^-?\d{1,10}$/,
};

/** What is needed in one list or in another. */
export function allNeeds(...lists: readonly (readonly Need[])[]): Need[] {
  return NEEDS.filter((need) => lists.some((list) => list.includes(need)));
}

/** The prefix of the tags of one custom resource. */
export function tagPrefix(ownerKey: string): string {
  return `datafold:${ownerKey.slice(0, 16)}:`;
}

/** Tags hold letters, digits, spaces and `_ . : / = + - @`, in at most 256 characters. */
export function tagsOf(record: LoggingRecord, prefix: string): Tags {
  const { needs, own, changed, exportWasOff, logGroup } = record;
  const facts: [string, string][] = [];
  if (needs) facts.push(['needs', needs.join(' ')]);
  if (own) facts.push(['own-group', own.name], ['former-group', own.former]);
  if (changed) facts.push(['changed-group', changed.group]);
  for (const [name, { before, set }] of Object.entries(changed?.changes ?? {}))
    facts.push([name, `from ${word(before)} to ${word(set)}`]);
  if (exportWasOff) facts.push(['export', 'was off']);
  if (logGroup) facts.push(['log-group', logGroupText(logGroup)]);
  return Object.fromEntries(facts.map(([name, value]) => [prefix + name, value]));
}

/** The record that tags hold; tags of others are passed over. */
export function recordFrom(tags: Tags, prefix: string): LoggingRecord {
  const fact = (name: string) => tags[prefix + name];
  const [name, former, group] = [fact('own-group'), fact('former-group'), fact('changed-group')];
  const changes = PARAMETERS.flatMap((parameter) => {
    const [, before, set] = /^from (\S+) to (\S+)$/.exec(fact(parameter) ?? '') ?? [];
    if (!before || !set || !isValue(parameter, before) || !isValue(parameter, set)) return [];
    return [[parameter, { before: setting(before), set: setting(set) }] as const];
  });
  const logGroup = fact('log-group');
  const needs = fact('needs')?.split(' ');
  return {
    ...(needs && { needs: NEEDS.filter((need) => needs.includes(need)) }),
    ...(name && former && { own: { name, former } }),
    ...(group && changes.length > 0 && { changed: { group, changes: Object.fromEntries(changes) } }),
    ...(fact('export') && { exportWasOff: true }),
    ...(logGroup && { logGroup: logGroupFrom(logGroup) }),
  };
}

const DEFAULT = 'default';
const word = ({ value }: Setting) => (value === undefined ? DEFAULT : value);
const isValue = (parameter: ParameterName, text: string) => text === DEFAULT || VALUES[parameter].test(text);
const setting = (text: string): Setting => (text === DEFAULT ? {} : { value: text });

function logGroupText({ made, retentionInDays, kmsKeyArn }: NonNullable<LoggingRecord['logGroup']>): string {
  return [
    made ? 'made' : 'found',
    ...(retentionInDays === undefined ? [] : [`retention=${retentionInDays}`]),
    ...(kmsKeyArn === undefined ? [] : [`key=${kmsKeyArn}`]),
  ].join(' ');
}

function logGroupFrom(text: string): NonNullable<LoggingRecord['logGroup']> {
  const days = /\bretention=(\d+)/.exec(text)?.[1];
  const kmsKeyArn = / key=(\S+)/.exec(text)?.[1];
  return {
    made: text.startsWith('made'),
    ...(days && { retentionInDays: Number(days) }),
    ...(kmsKeyArn && { kmsKeyArn }),
  };
}
