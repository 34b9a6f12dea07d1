/** One statement that changes something, and whose rights it needs. */
export interface Statement {
  readonly text: string;
  /** The role whose privileges it takes; the admin's own without it. */
  readonly actAs?: number;
  /**
   * Whether it should run as that very role, and whether membership is taken for that: a member's statement may be taken for
   * one by the member itself, or by another role that it is a member of. Absent: being a member does as well.
   */
  readonly identity?: 'wanted' | 'preferred';
  /** Whatever the server has against it is no error: what follows does without it. */
  readonly isOptional?: boolean;
  /** How many objects it names: PostgreSQL 18 locks each of them until the transaction ends. */
  readonly locks?: number;
  /** The same in smaller ones, each for itself: for when one of its objects spoils the whole. */
  readonly parts?: readonly Statement[];
}

/** How the admin can act as a role: it has its privileges, may `SET ROLE`, or neither. */
export type ActAs = 'direct' | 'set' | 'none';

/** Splits `items` into runs whose weights add up to at most `limit`; one heavy item is a run of its own. */
export function chunks<T>(items: readonly T[], limit: number, weight: (item: T) => number = () => 1): T[][] {
  const result: T[][] = [];
  let left = 0;
  for (const item of items) {
    if (result.length === 0 || weight(item) > left) {
      result.push([]);
      left = limit;
    }
    result.at(-1)!.push(item);
    left -= weight(item);
  }
  return result;
}

/** One statement for all items, which falls apart into one for each key if the server does not take it. */
export function divisible<T>(
  items: readonly T[],
  key: (item: T) => unknown,
  statementFor: (some: readonly T[]) => Statement,
): Statement {
  const groups = [...groupBy(items, key).values()];
  const whole = statementFor(items);
  return groups.length > 1 ? { ...whole, parts: groups.map(statementFor) } : whole;
}

/** Items by key, in order of appearance. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
