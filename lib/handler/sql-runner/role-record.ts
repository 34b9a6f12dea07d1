import type { AccessSpec, DatabaseSpec, Owner } from '../../private/wire/sql';
import { isOfAnotherServer } from './another-server';
import { parseMarker, RETAINED } from './marker';

/** An owner of a role, with the access that it needs. */
export interface OwnerEntry extends Owner {
  /** Absent if unknown: the owner then needs all access of the role. */
  readonly databases?: readonly DatabaseSpec[];
  readonly tempSchema?: string;
  readonly futureTables?: boolean;
  readonly connectionLimit?: number;
  /** Milliseconds. */
  readonly statementTimeout?: number;
}

/**
 * The record in the comment of a role: its owners, the access that each needs, and the state before this library. Everybody can
 * read comments, so a record contains no secrets.
 */
export interface RoleRecord {
  /** The key in the marks of the temp schemas of the role, for all its owners: the key of the first owner. */
  readonly origin: string;
  readonly owners: readonly OwnerEntry[];
  /** The role existed before this library: it is never dropped, and none of its grants is revoked. */
  readonly adopted?: true;
  /** The original connection limit of an adopted role. */
  readonly connectionLimit?: number;
  /** The key of the owner whose password was set last. */
  readonly password?: string;
  /** A removal revoked LOGIN: it has not finished, or it had to keep the role because the role owns objects. */
  readonly state?: 'being-removed' | 'retained';
}

const RECORD = /\[cdk-datafold-postgres (\{.*\})\]$/s;
const TEXTS = {
  'being-removed': 'Its removal has begun, so it may no longer log in; do not change this comment.',
  retained: RETAINED,
};

/** A fixed order of fields, so that equal records have equal texts. */
const FIELDS = [
  ...['origin', 'adopted', 'connectionLimit', 'password', 'state', 'owners'],
  ...['key', 'id', 'stackName', 'tempSchema', 'futureTables', 'statementTimeout', 'databases'],
  ...['databaseName', 'schemas', 'excludeSchemas', 'excludeTables'],
];

/** Returns the text of a record, in ASCII for any names. */
export function recordText(record: RoleRecord): string {
  const json = JSON.stringify(record, FIELDS).replace(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `[cdk-datafold-postgres ${json}]`;
}

/** Returns the whole comment on a role that a run created. */
export function roleComment(record: RoleRecord): string {
  const stacks = stacksIn(record.owners);
  const last = stacks.length > 1 ? 'the last stack' : 'the stack';
  const text = record.state ? TEXTS[record.state] : `Deleted with ${last}; do not change this comment.`;
  return `Made by cdk-datafold-postgres for ${stacks.join(' and ')}. ${text} ${recordText(record)}`;
}

/** Parses the record from the comment on a role that a run or the DBA script created. */
export function parseRoleComment(comment: string): RoleRecord | undefined {
  const record = parseRecord(comment);
  if (record) return record;
  const marker = parseMarker(comment);
  if (!marker) return undefined;
  const state = comment.includes(`". ${RETAINED} [key=`) ? ({ state: 'retained' } as const) : {};
  return { origin: marker.key, owners: [marker], ...state };
}

/** Parses the record at the end of a comment; undefined if it is invalid. */
export function parseRecord(comment: string): RoleRecord | undefined {
  try {
    const record = JSON.parse(RECORD.exec(comment)?.[1] ?? 'null') as RoleRecord | null;
    return record && isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the length of the record at the end of a comment. */
export function recordLengthIn(comment: string): number | null {
  return RECORD.exec(comment)?.[0].length ?? null;
}

const isText = (value: unknown) => typeof value === 'string';
const isOptional = (value: unknown, isValid: (value: unknown) => boolean) =>
  value === undefined || isValid(value);
const isNumber = (value: unknown) => Number.isSafeInteger(value);
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

/**
 * Returns whether all fields have their types. Statements contain them, and whoever created an adopted role can write any record
 * into its comment.
 */
function isRecord({ origin, owners, adopted, connectionLimit, password, state }: RoleRecord): boolean {
  return (
    isText(origin) &&
    owners.every(isEntry) &&
    isOptional(adopted, (value) => value === true) &&
    isOptional(connectionLimit, isNumber) &&
    isOptional(password, isText) &&
    isOptional(state, (value) => value === 'being-removed' || value === 'retained')
  );
}

function isEntry(entry: OwnerEntry): boolean {
  return (
    [entry.key, entry.id, entry.stackName].every(isText) &&
    isOptional(entry.tempSchema, isText) &&
    isOptional(entry.futureTables, (value) => typeof value === 'boolean') &&
    [entry.connectionLimit, entry.statementTimeout].every((value) => isOptional(value, isNumber)) &&
    (entry.databases ?? []).every(isSpec)
  );
}

function isSpec({ databaseName, ...lists }: DatabaseSpec): boolean {
  const { schemas, excludeSchemas, excludeTables } = lists;
  return (
    isText(databaseName) &&
    [schemas, excludeSchemas, excludeTables].every((value) => isOptional(value, areTexts))
  );
}

/** The owner of a role, from the point of view of this resource. */
export type RoleOwnership = 'unmanaged' | 'ours' | 'previous-generation' | 'others';

/** Returns who owns a role, by its record. */
export function roleOwnershipOf(record: RoleRecord | undefined, owner: Owner): RoleOwnership {
  if (!record) return 'unmanaged';
  const entry = record.owners.find(({ key }) => key === owner.key);
  if (!entry) return 'others';
  return entry.id === owner.id ? 'ours' : 'previous-generation';
}

/** Returns true if this resource, in any generation, created or adopted the role. */
export function isOwnedBy(record: RoleRecord | undefined, { key }: Owner): boolean {
  return record?.owners.some((entry) => entry.key === key) ?? false;
}

/** Returns the other owners on this server, without those that a snapshot of another server brought. */
export function coOwnersOf(record: RoleRecord | undefined, owner: Owner): readonly OwnerEntry[] {
  return (record?.owners ?? []).filter(
    ({ key, id }) => key !== owner.key && !isOfAnotherServer(id, owner.id),
  );
}

/** Returns the entry of an owner for the access that it requests. */
export function entryOf(owner: Owner, access: AccessSpec): OwnerEntry {
  const { databases, tempSchema, futureTables, connectionLimit, statementTimeout } = access;
  return { ...owner, databases, tempSchema, futureTables, connectionLimit, statementTimeout };
}

/** Returns an empty record; `adopted` for a role that already exists. */
export function newRecord(owner: Owner, isAdopted: boolean): RoleRecord {
  return { origin: owner.key, owners: [], ...(isAdopted && { adopted: true }) };
}

/** Returns the record with the entry of an owner and without a removal state. */
export function withOwner({ state: _, ...record }: RoleRecord, entry: OwnerEntry): RoleRecord {
  const others = coOwnersOf(record, entry);
  const replaced = record.owners.flatMap((one) => {
    if (one.key === entry.key) return [entry];
    return others.includes(one) ? [one] : [];
  });
  return { ...record, owners: isOwnedBy(record, entry) ? replaced : [...replaced, entry] };
}

/** Returns the record without an owner. */
export function withoutOwner({ password, ...record }: RoleRecord, { key }: Owner): RoleRecord {
  const owners = record.owners.filter((entry) => entry.key !== key);
  return { ...record, ...(password !== undefined && password !== key && { password }), owners };
}

/** Returns the owner for the marks of temp schemas, which all owners of a role share. */
export function tempSchemaOwner(roleName: string, record: RoleRecord | undefined, owner: Owner): Owner {
  return { ...owner, key: record?.origin ?? owner.key, id: roleName };
}

/** Returns the access that an owner needs in a database; undefined if none. An owner with unknown needs all of it. */
export function specIn({ databases }: OwnerEntry, databaseName: string): DatabaseSpec | undefined {
  if (!databases) return { databaseName };
  return databases.find((spec) => spec.databaseName === databaseName);
}

/** Returns `stack "A" and stack "B"` for messages. */
export function stacksOf(owners: readonly OwnerEntry[]): string {
  return stacksIn(owners).join(' and ');
}

function stacksIn(owners: readonly OwnerEntry[]): string[] {
  return [...new Set(owners.map(({ stackName }) => `stack "${stackName}"`))];
}
