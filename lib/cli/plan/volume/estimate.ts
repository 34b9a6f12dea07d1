import type { Protocol, StatementFacts, VolumeFacts } from './facts';
import { type LoggedKind, loggedKind } from './logged-kind';
import { bytesOfExecution, valueBytesOf, wordsOf } from './statement-bytes';
import { mask } from '../../statement-log/mask';

const SECONDS_PER_DAY = 86_400;
const MAX_LISTED = 10;
const MAX_TEXT = 200;
/** Most values are shorter or longer than assumed by at most this factor. */
const VALUE_SPREAD = 2;
/** From a short address and process ID to `172.31.250.250(54321)`. */
const ADDRESS_BYTES = { low: 8, likely: 17, high: 21 };
/** A role or database below this share of the bytes is not worth an exclusion. */
const MIN_SHARE = 0.1;
/** An insert with more parameters than this has many rows. */
const BULK_PARAMETERS = 50;
/** The comment that dbt and others put before each statement. */
const COMMENT_BYTES = 150;

/** Bytes a day: the range, and the most likely value. */
export interface Bytes {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** A statement, or all statements of one role or database. */
export interface Part {
  readonly name: string;
  readonly bytesPerDay: number;
  /** The share of all bytes, from 0 to 1. */
  readonly share: number;
}

/** What `log_statement = mod` adds to the log. */
export interface VolumeEstimate {
  readonly source: 'pg_stat_statements';
  readonly bytesPerDay: Bytes;
  readonly statementsPerDay: number;
  /** The statements that cost most; the text has no constants. */
  readonly statements: readonly (Part & {
    readonly command: string;
    readonly role: string;
    readonly database: string;
    readonly callsPerDay: number;
  })[];
  readonly commands: readonly Part[];
  readonly roles: readonly Part[];
  readonly databases: readonly Part[];
  /** Roles and databases that write much and from which no lineage can be derived. */
  readonly excludable: { readonly roles: readonly Part[]; readonly databases: readonly Part[] };
  /** The share of the bytes from which lineage can be derived. */
  readonly lineageShare: number;
}

interface Costed {
  readonly facts: StatementFacts;
  readonly kind: LoggedKind;
  readonly bytes: Bytes;
}

/** Estimates the bytes a day that `log_statement = mod` adds. */
export function estimateVolume(
  facts: VolumeFacts,
  { bindValues = true }: { readonly bindValues?: boolean } = {},
): VolumeEstimate {
  const perDay = SECONDS_PER_DAY / Math.max(1, facts.seconds);
  const costed = facts.statements.flatMap((one) => costOf(one, facts, bindValues) ?? []);
  const total = sumOf(costed.map(({ bytes }) => bytes));
  const parts = (nameOf: (one: Costed) => string) => partsOf(costed, nameOf, total.likely, perDay);
  const calls = costed.reduce((sum, one) => sum + one.facts.calls, 0);
  const [roles, databases] = [
    parts(({ facts: { role } }) => role),
    parts(({ facts: { database } }) => database),
  ];
  const lineage = costed.filter(({ kind }) => kind.hasLineage);
  return {
    source: 'pg_stat_statements',
    bytesPerDay: times(total, perDay),
    statementsPerDay: calls * perDay,
    statements: [...costed]
      .sort((a, b) => b.bytes.likely - a.bytes.likely)
      .slice(0, MAX_LISTED)
      .map(({ facts: { role, database, text, calls: count }, kind, bytes }) => ({
        name: masked(text).slice(0, MAX_TEXT),
        command: kind.command,
        role,
        database,
        callsPerDay: count * perDay,
        bytesPerDay: bytes.likely * perDay,
        share: shareOf(bytes.likely, total.likely),
      })),
    commands: parts(({ kind }) => kind.command).slice(0, MAX_LISTED),
    roles: roles.slice(0, MAX_LISTED),
    databases: databases.slice(0, MAX_LISTED),
    excludable: {
      roles: excludable(roles, lineage, ({ facts: { role } }) => role),
      // The only database would end lineage altogether.
      databases:
        databases.length < 2 ? [] : excludable(databases, lineage, ({ facts: { database } }) => database),
    },
    lineageShare: shareOf(sumOf(lineage.map(({ bytes }) => bytes)).likely, total.likely),
  };
}

function costOf(one: StatementFacts, facts: VolumeFacts, bindValues: boolean): Costed | undefined {
  const kind = loggedKind(wordsOf(one.text));
  if (!kind) return undefined;
  const valueBytes = valueBytesOf(one, facts);
  const bytes = (protocol: Protocol, addressBytes: number, factor = 1) =>
    one.calls *
    bytesOfExecution(one, protocol, { addressBytes, valueBytes: valueBytes * factor, bindValues });
  const known = facts.protocols[one.role];
  const comments = facts.hasLeadingComments ? 0 : COMMENT_BYTES;
  const likely = (protocol: Protocol) => bytes(protocol, ADDRESS_BYTES.likely);
  return {
    facts: one,
    kind,
    bytes: {
      low: bytes(known ?? 'simple', ADDRESS_BYTES.low, 1 / VALUE_SPREAD),
      likely: known ? likely(known) : between(likely('simple'), likely('extended'), one.parameters),
      high: bytes(known ?? 'extended', ADDRESS_BYTES.high, VALUE_SPREAD) + one.calls * comments,
    },
  };
}

/** Returns the middle of two protocols. Bulk inserts by text are more common than by thousands of parameters. */
function between(simple: number, extended: number, parameters: number): number {
  const weight = parameters > BULK_PARAMETERS ? 1 / 3 : 1 / 2;
  return simple ** (1 - weight) * extended ** weight;
}

function partsOf(
  costed: readonly Costed[],
  nameOf: (one: Costed) => string,
  total: number,
  perDay: number,
): Part[] {
  const sums = new Map<string, number>();
  for (const one of costed) sums.set(nameOf(one), (sums.get(nameOf(one)) ?? 0) + one.bytes.likely);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([name, bytes]) => ({ name, bytesPerDay: bytes * perDay, share: shareOf(bytes, total) }));
}

/** Lineage comes of few bytes, so a single statement that moves data forbids an exclusion. */
function excludable(
  parts: readonly Part[],
  lineage: readonly Costed[],
  nameOf: (one: Costed) => string,
): Part[] {
  return parts.filter(
    ({ name, share }) => share >= MIN_SHARE && !lineage.some((one) => nameOf(one) === name),
  );
}

const shareOf = (part: number, all: number) => (all === 0 ? 0 : part / all);
const times = ({ low, likely, high }: Bytes, factor: number): Bytes => ({
  low: low * factor,
  likely: likely * factor,
  high: high * factor,
});
const sumOf = (all: readonly Bytes[]): Bytes =>
  all.reduce(
    (sum, one) => ({ low: sum.low + one.low, likely: sum.likely + one.likely, high: sum.high + one.high }),
    { low: 0, likely: 0, high: 0 },
  );

/** Returns a statement on one line without comments, with `?` in place of constants. */
function masked(sql: string): string {
  return mask(sql).replace(/^[? ]+/, ''); // a comment that the server replaced stands before the statement
}
