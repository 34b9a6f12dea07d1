import type { ServerState, Setting, Tags } from '../aws/rds-ports';
import {
  logGroupTags,
  logRequirements,
  ORIGINAL,
  isOfRecord,
  logGroupRecordIn,
  type OriginalLogGroup,
  type Requirements,
} from '../log-group/requirements';
import { type ParameterName, PARAMETERS } from './parameter-group';
import type { StatementLoggingRequest } from './properties';

/** The value of a parameter before and after a change. */
export interface Change {
  readonly before: Setting;
  readonly set: Setting;
}

/**
 * The original settings of a server, and the changes: what the last owner restores.
 *
 * The first owner that changes a setting records it before the change, in tags of the server, which are deleted with the server.
 * All owners share these tags. A setting that no owner requires any more is restored and leaves the record.
 */
export interface Original {
  /** The group that was created, and the group that was associated before. */
  readonly own?: { readonly name: string; readonly original: string };
  /** The group with changed parameters, and the changes. */
  readonly changed?: {
    readonly group: string;
    readonly changes: Readonly<Partial<Record<ParameterName, Change>>>;
  };
  readonly exportWasOff?: boolean;
  readonly logGroup?: OriginalLogGroup;
}

/** The record in the tags of a server, as one owner sees it. */
export interface LoggingRecord extends Original {
  /** What this owner requires; undefined if it has no entry. */
  readonly requirements?: Requirements;
}

/** The values that PostgreSQL accepts: a tag with another value was not written by this library. */
const VALUES: Readonly<Record<ParameterName, RegExp>> = {
  log_statement: /^(none|ddl|mod|all)$/,
  log_parameter_max_length: /^-?\d{1,10}$/,
};

/** Returns the tags of a record. */
export function tagsOf(record: LoggingRecord, ownerKey: string): Tags {
  const { own, changed, exportWasOff, logGroup, requirements } = record;
  const facts: [string, string][] = [];
  if (own) facts.push(['created-group', own.name], ['group', own.original]);
  if (changed) facts.push(['changed-group', changed.group]);
  for (const [name, { before, set }] of Object.entries(changed?.changes ?? {}))
    facts.push([name, `from ${word(before)} to ${word(set)}`]);
  if (exportWasOff) facts.push(['export', 'was off']);
  const original = Object.fromEntries(facts.map(([name, value]) => [ORIGINAL + name, value]));
  return { ...original, ...logGroupTags({ original: logGroup, own: requirements }, ownerKey) };
}

/** Parses the record in the tags of a server or of a group that was created for it. */
export function recordFrom(tags: Tags, ownerKey: string): LoggingRecord {
  const fact = (name: string) => tags[ORIGINAL + name];
  const [name, original, group] = [fact('created-group'), fact('group'), fact('changed-group')];
  const changes = PARAMETERS.flatMap((parameter) => {
    const [, before, set] = /^from (\S+) to (\S+)$/.exec(fact(parameter) ?? '') ?? [];
    if (!before || !set || !isValue(parameter, before) || !isValue(parameter, set)) return [];
    return [[parameter, { before: setting(before), set: setting(set) }] as const];
  });
  const { original: logGroup, own: requirements } = logGroupRecordIn(tags, ownerKey);
  return {
    ...(name && original && { own: { name, original } }),
    ...(group && changes.length > 0 && { changed: { group, changes: Object.fromEntries(changes) } }),
    ...(fact('export') && { exportWasOff: true }),
    ...(logGroup && { logGroup }),
    ...(requirements && { requirements }),
  };
}

/** The tag that names the server of the record. */
const SERVER = `${ORIGINAL}server`;

type TaggedServer = Pick<ServerState, 'identifier' | 'resourceId' | 'tags'>;

/** Returns the tags of a record in the tags of its server. */
export function serverTagsOf(
  record: LoggingRecord,
  ownerKey: string,
  { identifier, resourceId = '-' }: TaggedServer,
): Tags {
  return { ...tagsOf(record, ownerKey), [SERVER]: `${identifier} ${resourceId}` };
}

/**
 * Returns the tags of a server without the record of another server.
 *
 * RDS gives a server that is restored from a snapshot the tags of the original one, whose owners and settings are not its own. A
 * renamed server keeps its resource id, and the successor in a blue/green deployment takes the name.
 */
export function tagsWithOwnRecord({ identifier, resourceId, tags }: TaggedServer): Tags {
  const [name, id] = tags[SERVER]?.split(' ') ?? [];
  if (name === undefined || name === identifier || id === resourceId) return tags;
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isOfRecord(key)));
}

const DEFAULT = 'default';
const word = ({ value }: Setting) => (value === undefined ? DEFAULT : value);
const isValue = (parameter: ParameterName, text: string) => text === DEFAULT || VALUES[parameter].test(text);
const setting = (text: string): Setting => (text === DEFAULT ? {} : { value: text });

/** Returns what a request requires; other owners respect it. */
export function requirementsOfRequest({ logBindValues, log }: StatementLoggingRequest): Requirements {
  return { statements: true, ...(!logBindValues && { noBindValues: true }), ...logRequirements(log) };
}
