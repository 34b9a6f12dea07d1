import type { SessionLimits } from '../catalog/server';

/** Databases are processed in parallel, because a run mostly waits for the server. */
const MAX_WORKERS = 4;
/** One worker per this many connections leaves most connections of a small server to other clients. */
const CONNECTIONS_PER_WORKER = 20;
/** Half of the connection limit of a role is left to its other sessions. */
const SESSIONS_PER_WORKER = 2;

/** Returns how many databases may be processed in parallel. */
export function workersFor({ maxConnections, ofRoles }: SessionLimits): number {
  const bounds = [
    MAX_WORKERS,
    Math.floor(maxConnections / CONNECTIONS_PER_WORKER),
    ofRoles === null ? MAX_WORKERS : Math.floor(ofRoles / SESSIONS_PER_WORKER),
  ];
  return Math.max(1, Math.min(...bounds));
}

/**
 * Runs `work` for all items, at most `workers` at a time, and returns the results in the order of the items. After an error, no
 * further work begins, and the error is thrown when the running work has ended.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && errors.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
