/** A statement that changes something, and the role that it runs as. */
export interface Statement {
  readonly text: string;
  /** The role whose privileges the statement needs; default: the administrator. */
  readonly actAs?: number;
  /**
   * Whether the statement runs with SET ROLE, as its grantor matters. PostgreSQL may record a member, or another role of the
   * member, as the grantor instead. `required`: the administrator becomes a member for that; `preferred`: only with an existing
   * membership; absent: the privileges of a member are enough.
   */
  readonly identity?: 'required' | 'preferred';
  /** A refusal of the statement is no error: later statements do not depend on it. */
  readonly isOptional?: boolean;
  /** The number of named objects: PostgreSQL 18 locks each until the transaction ends. */
  readonly locks?: number;
  /** The same work in smaller statements, tried if the whole statement fails because of one object. */
  readonly parts?: readonly Statement[];
}

/** How the administrator can act as a role: by inherited privileges, by `SET ROLE`, or not at all. */
export type ActAs = 'direct' | 'set' | 'none';

/** Splits `items` into chunks of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Returns one statement for all items, with one statement per key as its parts. */
export function divisible<T>(
  items: readonly T[],
  key: (item: T) => unknown,
  statementFor: (some: readonly T[]) => Statement,
): Statement {
  const groups = [...groupBy(items, key).values()];
  const all = statementFor(items);
  return groups.length > 1 ? { ...all, parts: groups.map(statementFor) } : all;
}

/** Groups items by key, in order of appearance. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
