import type { AccessKey, AccessKeyId } from '../aws/ports';

/** The longest time between journal and key, and the tolerated clock difference. */
const MAX_RUN_MS = 20 * 60_000;
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** Milliseconds. */
export interface KeyTimes {
  /** The age at which a key is replaced. */
  readonly every: number;
  /** How long the replaced key stays active. */
  readonly overlap: number;
  /** How long the replaced key stays deactivated before it is deleted. */
  readonly grace: number;
}

/** An access key as its secret stores it, with the key that it replaced. */
export interface StoredAccessKey extends AccessKey {
  readonly retired?: RetiredKey;
}

interface RetiredKey {
  readonly accessKeyId: string;
  readonly deactivatedAt?: number;
}

/** The journal of a rotation, written before a key is created. */
export interface PendingKey {
  readonly at: number;
  /** The keys that existed before. */
  readonly keys: readonly string[];
}

/** One step of a rotation. */
export type KeyStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'make'; readonly retiring?: string }
  | { readonly do: 'deactivate'; readonly key: string }
  | { readonly do: 'delete'; readonly key: string }
  /** Deletes a key that a run created but did not store: its secret part is lost. */
  | { readonly do: 'delete-lost'; readonly key: string }
  | { readonly do: 'report'; readonly problem: string };

/** Returns the next step of a rotation; call it again after the step. */
export function nextKeyStep(
  keys: readonly AccessKeyId[],
  stored: StoredAccessKey,
  pendingKey: PendingKey | undefined,
  times: KeyTimes,
  now: number,
): KeyStep {
  const current = keys.find(({ accessKeyId }) => accessKeyId === stored.accessKeyId);
  const retired = keys.find(({ accessKeyId }) => accessKeyId === stored.retired?.accessKeyId);
  const unmanagedKeys = keys.filter((key) => key !== current && key !== retired);
  const lost = unmanagedKeys.find((key) => isLost(key, stored, pendingKey));
  if (lost) return { do: 'delete-lost', key: lost.accessKeyId };
  if (current && !current.active)
    return {
      do: 'report',
      problem: `The key ${current.accessKeyId}, with which Datafold reads the statement log, was deactivated. Activate it again, or delete it: then a new key is created.`,
    };
  if (current && retired) return stepForRetired(current, retired, stored.retired?.deactivatedAt, times, now);
  if (current && now - current.createdAt < times.every) return { do: 'nothing' };
  const unmanagedKey = unmanagedKeys[0]?.accessKeyId;
  if (unmanagedKey !== undefined && keys.length > 1)
    return {
      do: 'report',
      problem: `The key can't be replaced: a user has at most two keys, and the second one, ${unmanagedKey}, was not created by this library, so it is kept. Delete it if it is not in use.`,
    };
  return { do: 'make', retiring: (current ?? retired)?.accessKeyId };
}

function stepForRetired(
  current: AccessKeyId,
  retired: AccessKeyId,
  deactivatedAt: number | undefined,
  { overlap, grace }: KeyTimes,
  now: number,
): KeyStep {
  const end = current.createdAt + overlap;
  const { accessKeyId: key } = retired;
  if (!retired.active)
    return now >= (deactivatedAt ?? end) + grace ? { do: 'delete', key } : { do: 'nothing' };
  if (deactivatedAt !== undefined)
    return {
      do: 'report',
      problem: `The replaced key ${key} was activated again, so it is kept and the rotation stops. Enter the new key in Datafold, then delete ${key}.`,
    };
  return now >= end ? { do: 'deactivate', key } : { do: 'nothing' };
}

/** True for a key that was created just after its journal, if the secret still holds the previous key. */
function isLost(key: AccessKeyId, stored: StoredAccessKey, pendingKey: PendingKey | undefined): boolean {
  if (!pendingKey || pendingKey.keys.includes(key.accessKeyId)) return false;
  const unfinished = pendingKey.keys.length === 0 || pendingKey.keys.includes(stored.accessKeyId);
  return (
    unfinished &&
    key.createdAt >= pendingKey.at - CLOCK_TOLERANCE_MS &&
    key.createdAt <= pendingKey.at + MAX_RUN_MS
  );
}
