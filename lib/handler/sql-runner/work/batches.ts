import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import type { DatabaseOutcome, Progress } from './database-work';

const MAX_BATCH_OBJECTS = 3_000;
/** How often what others dropped or renamed meanwhile is a reason to read again. */
const REREADS = 5;

/**
 * How many objects one transaction may name in GRANT and REVOKE: PostgreSQL 18 locks each until the end, other sessions
 * need locks too, and a lock of ours keeps theirs waiting.
 */
function batchSizeOf({ lockTable }: ServerFacts): number {
  return Math.max(1, Math.min(MAX_BATCH_OBJECTS, Math.floor(lockTable / 2)));
}

/**
 * Runs `work` in one transaction, or in as many as its locks and the changes of others take: each goes on from the progress of
 * the one before it, or reads the catalog again where there is none. `committed` is told how each went. True when all is done,
 * false if time ran out.
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
    const mustReread = session.isStale && rereads < REREADS;
    if (session.deadline.isNear()) return outcome.finished && !mustReread;
    if (outcome.finished && !mustReread) return true;
    if (mustReread) rereads += 1;
    progress = mustReread ? undefined : outcome.progress;
  }
}
