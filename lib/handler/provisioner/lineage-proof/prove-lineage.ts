import type { LineageProof } from './properties';
import { logsEnough } from '../statement-logging/parameter-group';
import type { Run } from '../aws/run';
import { judgeLineage, readLogState } from '../statement-logging/lineage';
import { invokeUntilAnswered } from '../sql-client/converge';
import { findServer } from '../sql-client/server-address';
import { BrokenLink, notInGroup } from './broken-link';
import { readLogReading, type LogReading } from './log-reading';
import { LogSearch, notReadToEnd } from './log-search';

/** How long a line may take to arrive in CloudWatch. */
const RETRY_WINDOW_MS = 5 * 60_000;
/** How long a log is read at most. */
const MAX_SEARCH_MS = 10 * 60_000;
/** How long a new access key and its permissions may take to propagate. */
const KEY_PROPAGATION_MS = 2 * 60_000;
/** The interval between runs of the statement: an export that starts now has only later statements. */
const REPEAT_AFTER_MS = 60_000;
const MAX_PAUSE_MS = 10_000;
/** Tolerated clock difference. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** The result of a proof that did not fail. */
export type Proven =
  /** `withKey` is false if the key works only from other addresses and the provisioner read the log itself. */
  | { readonly arrivedAfterMs: number; readonly withKey: boolean }
  /** Instances need a reboot, as the verification reports too. */
  | { readonly pending: string };

/** Runs a statement as Datafold's role and finds it in the log with Datafold's key. Throws BrokenLink. */
export async function proveLineage(run: Run, desired: LineageProof, marker: string): Promise<Proven> {
  const reading = await readLogReading(run, desired.connectionSecret);
  const from = run.clock.now();
  const search = new LogSearch(run, reading, from - CLOCK_TOLERANCE_MS, marker, desired.keyHasSourceIps);
  let ranAt: number | undefined;
  for (let pause = 1_000; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (ranAt === undefined || run.clock.now() - ranAt >= REPEAT_AFTER_MS) {
      const pending = await runStatement(run, desired, reading, marker);
      if (pending !== undefined) return { pending };
      ranAt = run.clock.now();
    }
    const { found, refused, noGroup, isAtEnd, hasMore } = await search.search();
    const elapsed = run.clock.now() - from;
    if (found) return { arrivedAfterMs: elapsed, withKey: !search.withOwnRights };
    if (refused && elapsed >= KEY_PROPAGATION_MS) throw refused;
    const conclusive = isAtEnd || refused !== undefined || noGroup !== undefined;
    const timedOut = conclusive && search.begunAt - from >= RETRY_WINDOW_MS;
    if (timedOut || elapsed >= MAX_SEARCH_MS || run.timeLeft() < pause) {
      if (!conclusive) throw notReadToEnd(reading, marker, elapsed);
      const others = await anyLine(run, reading, from - CLOCK_TOLERANCE_MS, desired.keyHasSourceIps);
      throw refused ?? noGroup ?? notInGroup(reading, marker, others.found);
    }
    if (!hasMore) await run.pause(pause);
  }
}

async function anyLine(run: Run, reading: LogReading, since: number, keyHasSourceIps: boolean) {
  const search = new LogSearch(run, reading, since, undefined, keyHasSourceIps);
  const first = await search.search();
  return search.withOwnRights ? search.search() : first;
}

/** Runs the statement. Throws BrokenLink if the server does not log it or export the log; returns a pending reboot. */
async function runStatement(
  run: Run,
  { sqlRunner, server, statementLog }: LineageProof,
  reading: LogReading,
  marker: string,
): Promise<string | undefined> {
  const { user, password, databaseName, tempSchema } = reading;
  const { logStatement } = await invokeUntilAnswered(run, sqlRunner, async () => ({
    operation: 'prove',
    server: await findServer(run, server),
    login: { user, password },
    databaseName,
    tempSchema,
    marker,
  }));
  const verdict = judgeLineage(logStatement, statementLog, await readLogState(run, statementLog));
  if (verdict.pending === 'reboot') return verdict.message;
  if (verdict.ok || verdict.pending !== undefined) return undefined;
  const link = logsEnough(logStatement) ? 'not exported' : 'not logged';
  throw new BrokenLink(reading, verdict.isWrongClass ? 'wrong log class' : link, verdict.message);
}
