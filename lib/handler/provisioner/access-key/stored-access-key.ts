import { parseJournal, parseKey } from './key-secret';
import type { HeldKey, MakingOfKey } from './key-state';

/** What a key's secret says; undefined if it holds no key. */
export function heldKey(text: string | undefined): HeldKey | undefined {
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
export function keySecretText({ accessKeyId, secretAccessKey, retired }: HeldKey): string {
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
export function makingOfKey(text: string | undefined): MakingOfKey | undefined {
  const journal = parseJournal(text);
  if (journal?.requestId !== 'rotation') return undefined;
  const { at } = JSON.parse(text!) as { at?: unknown };
  return typeof at === 'number' ? { at, keys: journal.keys } : undefined;
}
