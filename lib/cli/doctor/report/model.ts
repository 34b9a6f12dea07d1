import type { Coverage } from '../../lineage/coverage';
import type { Check } from '../check';

/** The report: what `--report` draws and `--json` prints. It has names and counts, and no text of a statement. */
export interface Report {
  readonly version: string;
  /** In milliseconds since 1970, as all times of the report. */
  readonly generatedAt: number;
  /** The name of the stack, or the ARN of the secret. */
  readonly subject: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** One for each log group of the data sources. */
  readonly logs: readonly LogReport[];
}

/** What the statement log of a server holds. */
export interface LogReport {
  readonly logGroupName: string;
  readonly from: number;
  readonly to: number;
  readonly sampling: Sampling;
  readonly coverage: Coverage;
  readonly hours: readonly HourCounts[];
  readonly instances: readonly InstancePresence[];
  readonly gaps: readonly Gap[];
  /** Roles that write and whose statements carry no lineage. */
  readonly excludable: readonly ExcludableRole[];
  /** The edges compared with what Datafold knows. */
  readonly datafold?: DatafoldComparison;
}

/** How much of the log was read. */
export interface Sampling {
  readonly bytesRead: number;
  readonly maxBytes: number;
  /** Parts of the time, each of an hour or less, and how many of them were read to their end. */
  readonly parts: number;
  readonly completeParts: number;
  /** How many parts were not read at all, since `maxBytes` is too small to read a page of each. */
  readonly unreadParts: number;
  /** The size of the log in the whole time, in bytes: an estimate if it was not read to its end. */
  readonly estimatedBytes: number;
}

/** What was logged in one hour, of the part that was read. */
export interface HourCounts {
  readonly hour: number;
  readonly statements: number;
  /** The size of all entries, in bytes. */
  readonly bytes: number;
  readonly carrying: number;
  /** False if the hour was read only in part, or not at all. */
  readonly isComplete: boolean;
}

/** When a DB instance wrote to the log. */
export interface InstancePresence {
  readonly instance: string;
  readonly entries: number;
  readonly bytes: number;
  /** Whole hours without an entry, the first and last hours of each silence. */
  readonly silences: readonly { readonly from: number; readonly to: number }[];
}

/** A part of the log that is missing, or may be. */
export interface Gap {
  readonly what: string;
  readonly next: string;
}

/** A role that writes and carries no lineage: a candidate for `excludedRoles`. */
export interface ExcludableRole {
  readonly role: string;
  readonly statements: number;
  readonly bytes: number;
  /** The part of the bytes of all statements, from 0 to 1. */
  readonly share: number;
}

/** Edges of the log and of Datafold. */
export interface DatafoldComparison {
  readonly host: string;
  /** Why there is no comparison. */
  readonly problem?: string;
  readonly arrived: readonly KnownEdge[];
  /** In the log, and not in Datafold. */
  readonly missing: readonly KnownEdge[];
  /** In Datafold, and not in the log of this time. */
  readonly stale: readonly KnownEdge[];
  /** Targets that Datafold was not asked for, since there are too many. */
  readonly unasked: number;
}

/** An edge of tables, by the names that both the log and Datafold use. */
export interface KnownEdge {
  readonly database: string;
  readonly source: string;
  readonly target: string;
}
