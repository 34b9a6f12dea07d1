import type { SessionLimits } from '../catalog/server';

/** Several databases at once: most of the time a run waits for the server. */
const MAX_WORKERS = 4;
/** On a small server, runs leave most of the connections to others. */
const CONNECTIONS_PER_WORKER = 20;
/** Of a role with a limit, half is left to its other sessions. */
const SESSIONS_PER_WORKER = 2;

/** How many databases may be worked on at once. */
export function workersFor({ maxConnections, ofRoles }: SessionLimits): number {
  const bounds = [
    MAX_WORKERS,
    Math.floor(maxConnections / CONNECTIONS_PER_WORKER),
    ofRoles === null ? MAX_WORKERS : Math.floor(ofRoles / SESSIONS_PER_WORKER),
  ];
  return Math.max(1, Math.min(...bounds));
}

/**
 * Does `work` for all items, at most `workers` at a time, and returns the results in the order of the items. After an error no
 * further work begins; it is thrown when what had begun has ended.
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
