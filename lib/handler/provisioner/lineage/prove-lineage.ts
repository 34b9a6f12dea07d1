import { isAws } from '../aws/failure';
import type { LineageProof } from '../parse/lineage-proof';
import type { Run } from '../run';
import { judgeLineage, readLogState } from '../sql/lineage';
import { askPatiently } from '../sql/patiently';
import { findServer } from '../sql/server-address';
import { BrokenLink, keyRefused, noSuchGroup, notInGroup } from './broken-link';
import { readLogReading, type LogReading } from './log-reading';

/** How long a line may take to CloudWatch. */
const PATIENCE = 5 * 60_000;
/** How long a new access key and its rights may be unknown. */
const KEY_PROPAGATION = 2 * 60_000;
/** The statement is run again so often: a log whose export begins just now starts with what comes then. */
const REPEAT = 60_000;
const LONGEST_PAUSE = 10_000;
/** Clocks differ. */
const SKEW = 2 * 60_000;
const UNKNOWN_KEY = [
  'InvalidClientTokenId',
  'UnrecognizedClient',
  'InvalidSignature',
  'SignatureDoesNotMatch',
];

const PASSING = ['Throttling', 'ServiceUnavailable', 'InternalFailure', 'TimeoutError'];

/** Runs a statement as Datafold's role and finds it with Datafold's key; the milliseconds that took. */
export async function proveLineage(run: Run, wanted: LineageProof, marker: string): Promise<number> {
  const reading = await readLogReading(run, wanted.connectionSecret);
  const from = run.clock.now();
  let ranAt: number | undefined;
  for (let pause = 1_000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    if (ranAt === undefined || run.clock.now() - ranAt >= REPEAT) {
      await runStatement(run, wanted, reading, marker);
      ranAt = run.clock.now();
    }
    const { found, refused, noGroup } = await look(run, reading, from - SKEW, marker);
    const elapsed = run.clock.now() - from;
    if (found) return elapsed;
    if (refused && elapsed >= KEY_PROPAGATION) throw refused;
    if (elapsed >= PATIENCE || run.timeLeft() < pause) {
      const others = await look(run, reading, from - SKEW);
      throw refused ?? noGroup ?? notInGroup(reading, marker, others.found);
    }
    await run.pause(pause);
  }
}

/** Fails at once where the server does not log it or does not export its log. */
async function runStatement(
  run: Run,
  { sqlRunner, server, statementLog }: LineageProof,
  reading: LogReading,
  marker: string,
): Promise<void> {
  const { user, password, databaseName, tempSchema } = reading;
  const report = await askPatiently(run, sqlRunner, async () => ({
    operation: 'prove',
    server: await findServer(run, server),
    login: { user, password },
    databaseName,
    tempSchema,
    marker,
  }));
  const value = report.databases[0]?.logStatement;
  const verdict = judgeLineage(value, statementLog, await readLogState(run, statementLog));
  if (verdict.ok || verdict.pending === 'soon' || verdict.pending === 'unknown') return;
  const logged = value === 'mod' || value === 'all';
  throw new BrokenLink(reading, logged ? 'not exported' : 'not logged', verdict.message);
}

interface Look {
  readonly found: boolean;
  /** The key or its rights are not known. */
  readonly refused?: BrokenLink;
  readonly noGroup?: BrokenLink;
}

async function look(run: Run, reading: LogReading, since: number, text?: string): Promise<Look> {
  const { key, region, logGroupName } = reading;
  const what = `a look for ${text ?? 'any line'} in ${logGroupName} with the key of Datafold`;
  return run.step(what, async () => {
    try {
      const at = await run.aws.statementLog.find({ key, region, logGroupName, since, text });
      return { found: at !== undefined };
    } catch (error) {
      if (isAws(error, 'AccessDenied', ...UNKNOWN_KEY))
        return { found: false, refused: keyRefused(reading, error.code) };
      if (isAws(error, 'ResourceNotFound')) return { found: false, noGroup: noSuchGroup(reading) };
      if (isAws(error, ...PASSING)) return { found: false };
      throw error;
    }
  });
}
