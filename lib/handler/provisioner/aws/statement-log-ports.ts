import type { AccessKey } from './ports';

/** Where to look for a line, and as whom. */
export interface LogQuery {
  readonly key: AccessKey;
  readonly region: string;
  readonly logGroupName: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Absent: any line. */
  readonly text?: string;
}

/** The statement log, read as Datafold reads it. Fails with an AwsFailure. */
export interface StatementLog {
  /** When a line was written that fits; undefined where there is none. */
  find(query: LogQuery): Promise<number | undefined>;
}
