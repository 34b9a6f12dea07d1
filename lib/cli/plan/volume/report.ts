import type { DatabaseAnswers } from '../../inspection/answers';
import type { LogFile } from '../ports';
import { type Bytes, estimateVolume, type VolumeEstimate } from './estimate';
import type { VolumeFacts } from './facts';
import { volumeFactsFrom } from './facts-from';

/** USD for each GB that CloudWatch Logs ingests in the class STANDARD in us-east-1 (November 2026). */
export const DEFAULT_PRICE_PER_GB = 0.5;
const DAYS_PER_MONTH = 30;
const BYTES_PER_GB = 1e9;
const MS_PER_HOUR = 3_600_000;
/** A short statement that changes one row, with its values. */
const BYTES_PER_ROW = { low: 0, likely: 50, high: 250 };
const MIN_SECONDS = 3_600;

/** Bytes that PostgreSQL counted by rows: a statement may change one row or many. */
interface RowEstimate {
  readonly source: 'pg_stat_database';
  readonly bytesPerDay: Bytes;
  readonly rowsPerDay: number;
}

/** The volume of the log and its price. */
export interface VolumeReport {
  /** What `log_statement = mod` adds; undefined without SQL. */
  readonly added?: VolumeEstimate | RowEstimate;
  /** The bytes a day that the server writes into its log already. */
  readonly presentBytesPerDay?: number;
  /** What CloudWatch Logs ingests more than today. */
  readonly ingestedBytesPerDay?: Bytes;
  readonly pricePerGb: number;
  readonly usdPerMonth?: Bytes;
  /** The log has the statements already, so nothing is added. */
  readonly isLogged: boolean;
  /** What makes the estimate less certain. */
  readonly caveats: readonly string[];
}

interface VolumeInput {
  readonly databases: readonly DatabaseAnswers[];
  readonly files?: readonly LogFile[];
  /** The log has the statements already. */
  readonly isLogged: boolean;
  /** The log goes to CloudWatch already. */
  readonly isExported: boolean;
  readonly bindValues: boolean;
  readonly pricePerGb: number;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Estimates the volume by pg_stat_statements, else by the rows that databases changed. */
export function reportVolume({
  databases,
  files,
  isLogged,
  isExported,
  bindValues,
  pricePerGb,
  now,
}: VolumeInput): VolumeReport {
  const facts = volumeFactsFrom(databases);
  const added = facts ? byStatements(facts, bindValues) : byRows(databases);
  const presentBytesPerDay = files && presentBytes(files, now);
  const fresh = isExported ? 0 : (presentBytesPerDay ?? 0);
  const more = isLogged ? { low: 0, likely: 0, high: 0 } : added?.bytesPerDay;
  const ingested = more && { low: more.low + fresh, likely: more.likely + fresh, high: more.high + fresh };
  return {
    ...(added && { added }),
    ...(presentBytesPerDay !== undefined && { presentBytesPerDay }),
    ...(ingested && { ingestedBytesPerDay: ingested }),
    isLogged,
    pricePerGb,
    ...(ingested && { usdPerMonth: priced(ingested, pricePerGb) }),
    caveats: caveatsOf(facts, databases),
  };
}

/** Returns nothing for a short time, which says little about a day. */
function byStatements(facts: VolumeFacts, bindValues: boolean): VolumeEstimate | undefined {
  return facts.seconds < MIN_SECONDS ? undefined : estimateVolume(facts, { bindValues });
}

function caveatsOf(facts: VolumeFacts | undefined, databases: readonly DatabaseAnswers[]): string[] {
  if (!facts)
    return databases.length === 0
      ? []
      : databases.some((one) => !one.isAnswered('statements', 'statement_totals'))
        ? [
            'The statistics of statements could not be read, so the volume is known only by the rows that statements changed, if at all.',
          ]
        : [
            'No inspected database has the extension pg_stat_statements, so the volume is known only by the rows that statements changed, if at all. CREATE EXTENSION pg_stat_statements; in one of them allows an estimate by statement, a day later.',
          ];
  return [
    ...(facts.seconds < MIN_SECONDS
      ? [
          'Statements are counted for less than an hour, which says nothing about a day: run plan again later.',
        ]
      : []),
    ...(facts.hidden > 0
      ? [
          `The texts of ${facts.hidden} statements are hidden from the administrator (GRANT pg_read_all_stats shows them): they are not counted.`,
        ]
      : []),
    ...(facts.dropped > 0
      ? [
          `pg_stat_statements dropped rare statements ${facts.dropped} times (pg_stat_statements.max): the volume is higher.`,
        ]
      : []),
    ...(facts.rest.calls > 0
      ? [
          `${Math.round(facts.rest.calls)} calls of rarer statements are not counted, which have ${Math.round(facts.rest.octets / 1e6)} MB of text.`,
        ]
      : []),
  ];
}

/** All databases of a server are in the statistics of each. */
function byRows([first]: readonly DatabaseAnswers[]): RowEstimate | undefined {
  const activity = first?.of('activity').filter(({ seconds }) => seconds >= MIN_SECONDS) ?? [];
  if (activity.length === 0) return undefined;
  const rowsPerDay = activity.reduce((sum, { rows, seconds }) => sum + (rows / seconds) * 86_400, 0);
  const { low, likely, high } = BYTES_PER_ROW;
  return {
    source: 'pg_stat_database',
    rowsPerDay,
    bytesPerDay: { low: low * rowsPerDay, likely: likely * rowsPerDay, high: high * rowsPerDay },
  };
}

/** Returns the bytes a day by the files of the last 24 hours. */
function presentBytes(files: readonly LogFile[], now: number): number {
  const recent = files.filter(({ writtenAt }) => now - writtenAt < 24 * MS_PER_HOUR);
  if (recent.length === 0) return 0;
  const oldest = Math.min(...recent.map(({ writtenAt }) => writtenAt));
  const hours = Math.min(24, Math.max(1, (now - oldest) / MS_PER_HOUR + 1));
  return (recent.reduce((sum, { bytes }) => sum + bytes, 0) / hours) * 24;
}

function priced({ low, likely, high }: Bytes, pricePerGb: number): Bytes {
  const usd = (bytes: number) => (bytes / BYTES_PER_GB) * DAYS_PER_MONTH * pricePerGb;
  return { low: usd(low), likely: usd(likely), high: usd(high) };
}
