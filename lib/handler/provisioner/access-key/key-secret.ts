import type { AccessKey } from '../aws/ports';
import type { StoredAccessKey, PendingKey } from './key-state';

/** The access key that a secret holds; undefined if it holds none. */
export function parseKey(text: string | undefined): AccessKey | undefined {
  const { accessKeyId, secretAccessKey } = parseObject(text);
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

/** What a request writes down before it makes a key, so that it knows its own if it has to begin again. */
export interface Journal {
  readonly requestId: string;
  readonly userName: string;
  /** The keys that were there before. */
  readonly keys: readonly string[];
}

/** The journal that a secret holds in its pending version; undefined if there is none. */
export function parseJournal(text: string | undefined): Journal | undefined {
  const { requestId, userName, keys } = parseObject(text);
  if (typeof requestId !== 'string' || typeof userName !== 'string' || !Array.isArray(keys)) return undefined;
  return { requestId, userName, keys: keys.filter((key) => typeof key === 'string') };
}

function parseObject(text: string | undefined): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? '') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What a key's secret says; undefined if it holds no key. */
export function storedAccessKey(text: string | undefined): StoredAccessKey | undefined {
  const key = parseKey(text);
  if (!key) return undefined;
  const { retired } = JSON.parse(text!) as { retired?: { accessKeyId?: unknown; deactivatedAt?: unknown } };
  if (typeof retired?.accessKeyId !== 'string') return key;
  const deactivatedAt = Date.parse(String(retired.deactivatedAt));
  return {
    ...key,
    retired: { accessKeyId: retired.accessKeyId, ...(!Number.isNaN(deactivatedAt) && { deactivatedAt }) },
  };
}

/** The value of a key's secret; a person may read it, so dates are in words. */
export function keySecretText({ accessKeyId, secretAccessKey, retired }: StoredAccessKey): string {
  const { deactivatedAt } = retired ?? {};
  return JSON.stringify({
    accessKeyId,
    secretAccessKey,
    ...(retired && {
      retired: {
        accessKeyId: retired.accessKeyId,
        ...(deactivatedAt !== undefined && { deactivatedAt: new Date(deactivatedAt).toISOString() }),
      },
    }),
  });
}

/** The journal of a rotation; undefined for that of anything else. */
export function readPendingKey(text: string | undefined): PendingKey | undefined {
  const journal = parseJournal(text);
  if (journal?.requestId !== 'rotation') return undefined;
  const { at } = JSON.parse(text!) as { at?: unknown };
  return typeof at === 'number' ? { at, keys: journal.keys } : undefined;
}
