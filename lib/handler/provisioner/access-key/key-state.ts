import type { AccessKey, AccessKeyId } from '../aws/ports';

/** A run lasts no longer; clocks differ a little. */
const MAX_RUN_MS = 20 * 60_000;
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** Milliseconds. */
export interface KeyTimes {
  /** The age at which a key is replaced. */
  readonly every: number;
  /** How long the replaced key goes on working. */
  readonly overlap: number;
  /** How long it is kept, switched off, after that. */
  readonly grace: number;
}

/** What the secret of a key says: the key, and the one that it replaced. */
export interface StoredAccessKey extends AccessKey {
  readonly retired?: RetiredKey;
}

interface RetiredKey {
  readonly accessKeyId: string;
  readonly deactivatedAt?: number;
}

/** What a run wrote down before it made a key. */
export interface PendingKey {
  readonly at: number;
  /** The keys that were there before. */
  readonly keys: readonly string[];
}

export type KeyStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'make'; readonly retiring?: string }
  | { readonly do: 'deactivate'; readonly key: string }
  | { readonly do: 'delete'; readonly key: string }
  /** A key that a run made and could not write down: its secret part is lost. */
  | { readonly do: 'delete-lost'; readonly key: string }
  | { readonly do: 'report'; readonly problem: string };

/** The next step of a rotation; the one after it is found when this one is done. */
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
      problem: `Somebody deactivated the key ${current.accessKeyId}, which Datafold reads the statement log with. Activate it again, or delete it: then a new one is made.`,
    };
  if (current && retired) return stepForRetired(current, retired, stored.retired, times, now);
  if (current && now - current.createdAt < times.every) return { do: 'nothing' };
  const stranger = unmanagedKeys[0]?.accessKeyId;
  if (stranger !== undefined && keys.length > 1)
    return {
      do: 'report',
      problem: `The key can't be replaced: a user has two keys at most, and the second one, ${stranger}, was not made by this library, so it is left alone. Delete it if nobody needs it.`,
    };
  return { do: 'make', retiring: (current ?? retired)?.accessKeyId };
}

function stepForRetired(
  current: AccessKeyId,
  retired: AccessKeyId,
  { deactivatedAt }: RetiredKey = { accessKeyId: '' },
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
      problem: `The replaced key ${key} was activated again, so it is left alone and no key is replaced any more. Enter the new key in Datafold, then delete ${key}.`,
    };
  return now >= end ? { do: 'deactivate', key } : { do: 'nothing' };
}

/** Made just after a run wrote down that it would, and the secret still holds the key from before. */
function isLost(key: AccessKeyId, stored: StoredAccessKey, pendingKey: PendingKey | undefined): boolean {
  if (!pendingKey || pendingKey.keys.includes(key.accessKeyId)) return false;
  const unfinished = pendingKey.keys.length === 0 || pendingKey.keys.includes(stored.accessKeyId);
  return (
    unfinished &&
    key.createdAt >= pendingKey.at - CLOCK_TOLERANCE_MS &&
    key.createdAt <= pendingKey.at + MAX_RUN_MS
  );
}
