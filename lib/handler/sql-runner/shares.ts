import type { ServerFacts } from './catalog/server';
import type { Session } from './connection/session';
import type { DatabaseOutcome } from './database-work';

const LARGEST = 3_000;

/**
 * How many objects one transaction may name in GRANT and REVOKE: PostgreSQL 18 locks each until the end, other sessions
 * need locks too, and a lock of ours keeps theirs waiting.
 */
export function shareOf({ lockTable }: ServerFacts): number {
  return Math.max(1, Math.min(LARGEST, Math.floor(lockTable / 2)));
}

/**
 * Runs `work` in one transaction, or in as many as its locks take: each reads the catalog again and goes on from there.
 * `committed` is told how each went. True when all is done, false if time ran out.
 */
export async function inShares(
  session: Session,
  server: ServerFacts,
  work: (after: number) => Promise<DatabaseOutcome>,
  committed: (outcome: DatabaseOutcome) => void,
): Promise<boolean> {
  for (let after = 0; ;) {
    const start = after;
    const outcome = await session.transaction(() => work(start), shareOf(server));
    committed(outcome);
    if (outcome.finished || session.deadline.isNear()) return outcome.finished;
    after = outcome.after ?? 0;
  }
}
