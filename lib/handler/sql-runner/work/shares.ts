import type { ServerFacts } from '../catalog/server';
import type { Session } from '../connection/session';
import type { DatabaseOutcome } from './database-work';

const LARGEST = 3_000;
/** How often what others dropped or renamed meanwhile is a reason to read again. */
const REREADS = 5;

/**
 * How many objects one transaction may name in GRANT and REVOKE: PostgreSQL 18 locks each until the end, other sessions
 * need locks too, and a lock of ours keeps theirs waiting.
 */
export function shareOf({ lockTable }: ServerFacts): number {
  return Math.max(1, Math.min(LARGEST, Math.floor(lockTable / 2)));
}

/**
 * Runs `work` in one transaction, or in as many as its locks and the changes of others take: each reads the catalog
 * again and goes on from there. `committed` is told how each went. True when all is done, false if time ran out.
 */
export async function inShares(
  session: Session,
  server: ServerFacts,
  work: (after: number) => Promise<DatabaseOutcome>,
  committed: (outcome: DatabaseOutcome) => void,
): Promise<boolean> {
  let [after, rereads] = [0, 0];
  for (;;) {
    const start = after;
    const outcome = await session.transaction(() => work(start), shareOf(server));
    committed(outcome);
    const mustReread = session.isStale && rereads < REREADS;
    if (session.deadline.isNear()) return outcome.finished && !mustReread;
    if (outcome.finished && !mustReread) return true;
    if (mustReread) rereads += 1;
    after = mustReread ? 0 : (outcome.after ?? 0);
  }
}
