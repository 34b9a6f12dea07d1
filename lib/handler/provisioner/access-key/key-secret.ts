import type { AccessKey } from '../aws/ports';
import { parseObject } from '../aws/secret-kinds';
import type { StoredAccessKey, PendingKey } from './key-state';

/** Parses the access key in a secret; undefined if the secret holds none. */
export function parseKey(text: string | undefined): AccessKey | undefined {
  const { accessKeyId, secretAccessKey } = parseObject(text) ?? {};
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

/** What a request writes before it creates a key, so that a retry recognizes that key. */
export interface Journal {
  readonly requestId: string;
  readonly userName: string;
  /** The keys that existed before. */
  readonly keys: readonly string[];
}

/** Parses the journal in the pending version of a secret; undefined if there is none. */
export function parseJournal(text: string | undefined): Journal | undefined {
  const { requestId, userName, keys } = parseObject(text) ?? {};
  if (typeof requestId !== 'string' || typeof userName !== 'string' || !Array.isArray(keys)) return undefined;
  return { requestId, userName, keys: keys.filter((key) => typeof key === 'string') };
}

/** Parses the key in a secret and the key that it replaced; undefined if the secret holds none. */
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

/** Returns the value for a key's secret; its dates are in ISO format, since people read it. */
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

/** Parses the journal of a rotation; undefined for other journals. */
export function readPendingKey(text: string | undefined): PendingKey | undefined {
  const journal = parseJournal(text);
  if (journal?.requestId !== 'rotation') return undefined;
  const { at } = JSON.parse(text!) as { at?: unknown };
  return typeof at === 'number' ? { at, keys: journal.keys } : undefined;
}
