import type { AccessKey } from '../aws/ports';

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
