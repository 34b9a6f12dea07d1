import type { ServerAddress } from '../../../private/wire/sql';
import type { Deadline } from '../deadline';

/** Where and until when to connect. */
export interface Target {
  readonly address: ServerAddress;
  readonly deadline: Deadline;
  /** Told that a connection was opened. */
  readonly onReached?: () => void;
  /** Told what would be changed instead of changing it: nothing is written then. */
  readonly rehearsal?: (databaseName: string, statement: string) => void;
}
