import type { AccessKey } from './ports';

/** Where to look for a line, and as whom. */
export interface LogQuery {
  /** Absent: the provisioner itself. */
  readonly key?: AccessKey;
  readonly region: string;
  readonly logGroupName: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Absent: any line. */
  readonly text?: string;
  /** What the page before says. Absent: the first page. */
  readonly nextToken?: string;
}

/** A part of a log that was looked through: it may be empty although there are more. */
export interface LogPage {
  /** When a line was written that fits. */
  readonly at?: number;
  /** Absent: this is the last page. */
  readonly nextToken?: string;
}

/** The statement log, read as Datafold reads it. Fails with an AwsFailure. */
export interface StatementLog {
  page(query: LogQuery): Promise<LogPage>;
}
