import type { AccessSpec, DatabaseSpec, Owner } from '../../private/wire/sql';
import { isOfAnotherServer } from './another-server';
import { parseMarker, RETAINED } from './marker';

/** What one owner needs of a role. */
export interface OwnerEntry extends Owner {
  /** Absent: not known, so everything that the role has is needed. */
  readonly databases?: readonly DatabaseSpec[];
  readonly tempSchema?: string;
  readonly futureTables?: boolean;
  readonly connectionLimit?: number;
  readonly statementTimeoutMs?: number;
}

/**
 * What the comment of a role says of it: whether it was there before, and who needs it for what. A comment can be read by
 * everybody, so nothing secret is in it.
 */
export interface RoleRecord {
  /** The key that the temp schemas of the role name, whoever of the owners makes them: that of the first owner. */
  readonly origin: string;
  readonly owners: readonly OwnerEntry[];
  /** The role was there before: it is never dropped, and nothing is revoked from it. */
  readonly adopted?: true;
  /** The connection limit that an adopted role had before. */
  readonly connectionLimit?: number;
  /** The key of the owner whose password the role got last. */
  readonly password?: string;
  /** A removal took the login away: one that is under way, or one that had to keep the role because of what it owns. */
  readonly state?: 'being-removed' | 'retained';
}

const RECORD = /\[cdk-datafold-postgres (\{.*\})\]$/s;
const TEXTS = {
  'being-removed': 'Its removal has begun, so it may not log in any more; leave this comment as it is.',
  retained: RETAINED,
};

/** In this order, so that equal records are equal texts. */
const FIELDS = [
  ...['origin', 'adopted', 'connectionLimit', 'password', 'state', 'owners'],
  ...['key', 'id', 'stackName', 'tempSchema', 'futureTables', 'statementTimeoutMs', 'databases'],
  ...['databaseName', 'schemas', 'excludeSchemas', 'excludeTables'],
];

/** The record as it stands in a comment, in ASCII whatever the names are. */
export function recordText(record: RoleRecord): string {
  const json = JSON.stringify(record, FIELDS).replace(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `[cdk-datafold-postgres ${json}]`;
}

/** The whole comment of a role that a run made. */
export function roleComment(record: RoleRecord): string {
  const stacks = [...new Set(record.owners.map(({ stackName }) => `stack "${stackName}"`))];
  const last = stacks.length > 1 ? 'the last of them' : 'it';
  const text = record.state ? TEXTS[record.state] : `Removed with ${last}; leave this comment as it is.`;
  return `Made by cdk-datafold-postgres for ${stacks.join(' and ')}. ${text} ${recordText(record)}`;
}

/** The record in the comment of a role that a run, or the script for an administrator, made. */
export function parseRoleComment(comment: string): RoleRecord | undefined {
  const record = parseRecord(comment);
  if (record) return record;
  const marker = parseMarker(comment);
  if (!marker) return undefined;
  const state = comment.includes(`". ${RETAINED} [key=`) ? ({ state: 'retained' } as const) : {};
  return { origin: marker.key, owners: [marker], ...state };
}

/** A record; undefined for what no run can have written. */
export function parseRecord(comment: string): RoleRecord | undefined {
  try {
    const record = JSON.parse(RECORD.exec(comment)?.[1] ?? 'null') as RoleRecord | null;
    const isWhole = typeof record?.origin === 'string' && record.owners.every(isEntry);
    return isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** How long the record at the end of a comment is. */
export function recordLengthIn(comment: string): number | null {
  return RECORD.exec(comment)?.[0].length ?? null;
}

function isEntry({ key, id, stackName, databases }: OwnerEntry): boolean {
  const isNamed = [key, id, stackName].every((text) => typeof text === 'string');
  return isNamed && (databases ?? []).every(({ databaseName }) => typeof databaseName === 'string');
}

/** Whose a role is, as its record says. */
export type RoleOwnership = 'unmanaged' | 'ours' | 'previous-generation' | 'others';

export function roleOwnershipOf(record: RoleRecord | undefined, owner: Owner): RoleOwnership {
  if (!record) return 'unmanaged';
  const entry = record.owners.find(({ key }) => key === owner.key);
  if (!entry) return 'others';
  return entry.id === owner.id ? 'ours' : 'previous-generation';
}

/** True for a role that this resource has made or adopted, in whatever generation. */
export function isOwnedBy(record: RoleRecord | undefined, { key }: Owner): boolean {
  return record?.owners.some((entry) => entry.key === key) ?? false;
}

/** The other owners on this server. What came with a snapshot of another server is none. */
export function coOwnersOf(record: RoleRecord | undefined, owner: Owner): readonly OwnerEntry[] {
  return (record?.owners ?? []).filter(
    ({ key, id }) => key !== owner.key && !isOfAnotherServer(id, owner.id),
  );
}

/** What an owner asks for. */
export function entryOf(owner: Owner, access: AccessSpec): OwnerEntry {
  const { databases, tempSchema, futureTables, connectionLimit, statementTimeoutMs } = access;
  return { ...owner, databases, tempSchema, futureTables, connectionLimit, statementTimeoutMs };
}

/** The record of a role without one: `adopted` for one that was there before. */
export function newRecord(owner: Owner, isAdopted: boolean): RoleRecord {
  return { origin: owner.key, owners: [], ...(isAdopted && { adopted: true }) };
}

/** The record with what an owner asks for; the role may log in from then on. */
export function withOwner({ state: _, ...record }: RoleRecord, entry: OwnerEntry): RoleRecord {
  const others = coOwnersOf(record, entry);
  const replaced = record.owners.flatMap((one) => {
    if (one.key === entry.key) return [entry];
    return others.includes(one) ? [one] : [];
  });
  return { ...record, owners: isOwnedBy(record, entry) ? replaced : [...replaced, entry] };
}

/** The record without an owner. */
export function withoutOwner({ password, ...record }: RoleRecord, { key }: Owner): RoleRecord {
  const owners = record.owners.filter((entry) => entry.key !== key);
  return { ...record, ...(password !== undefined && password !== key && { password }), owners };
}

/** The owner that the temp schemas of a role name: all owners of the role share them. */
export function tempSchemaOwner(roleName: string, record: RoleRecord | undefined, owner: Owner): Owner {
  return { ...owner, key: record?.origin ?? owner.key, id: roleName };
}

/** What the owners need in a database; undefined for one that may need everything. */
export function specIn({ databases }: OwnerEntry, databaseName: string): DatabaseSpec | undefined {
  if (!databases) return { databaseName };
  return databases.find((spec) => spec.databaseName === databaseName);
}

/** `stack "A" and stack "B"`: for messages. */
export function stacksOf(owners: readonly OwnerEntry[]): string {
  return [...new Set(owners.map(({ stackName }) => `stack "${stackName}"`))].join(' and ');
}
