import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import type { DatabaseOutcome, Progress } from './database-work';

const MAX_BATCH_OBJECTS = 3_000;
/** How often the catalog is read again after other sessions dropped or renamed objects. */
const MAX_REREADS = 5;

/**
 * Returns how many objects one transaction may name in GRANT and REVOKE. PostgreSQL 18 locks each object until the transaction
 * ends; other sessions need the lock table too and wait for these locks.
 */
function batchSizeOf({ lockTable }: ServerFacts): number {
  return Math.max(1, Math.min(MAX_BATCH_OBJECTS, Math.floor(lockTable / 2)));
}

/**
 * Runs `work` in as many transactions as its locks and concurrent changes require. Each continues from the progress of the previous
 * one; without progress it reads the catalog again. Calls `committed` with each outcome. Returns false if time ran out.
 */
export async function inBatches(
  session: Session,
  server: ServerFacts,
  work: (progress?: Progress) => Promise<DatabaseOutcome>,
  committed: (outcome: DatabaseOutcome) => void,
): Promise<boolean> {
  let progress: Progress | undefined;
  let rereads = 0;
  for (;;) {
    const before = progress;
    const outcome = await session.transaction(() => work(before), batchSizeOf(server));
    committed(outcome);
    const mustReread = session.isStale && rereads < MAX_REREADS;
    if (session.deadline.isNear()) return outcome.finished && !mustReread;
    if (outcome.finished && !mustReread) return true;
    if (mustReread) rereads += 1;
    progress = mustReread ? undefined : outcome.progress;
  }
}
