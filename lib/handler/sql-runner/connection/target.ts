import type { ServerAddress } from '../../../private/wire/sql';
import type { Deadline } from '../deadline';

/** Where and until when to connect. */
export interface Target {
  readonly address: ServerAddress;
  readonly deadline: Deadline;
  /** The database in which role work is done and locked. */
  readonly maintenanceDatabase?: string;
  /** What a person should know of what was committed, though the run may fail later. */
  readonly notices: Set<string>;
  /** Told that a connection was opened. */
  readonly onConnected?: () => void;
  /** Told that the role is one that an earlier run has made. */
  readonly onFound?: () => void;
  /** Throws where a newer run for the same resource has taken over. */
  readonly assertTurn?: () => void;
  /** Told what would be changed instead of changing it: nothing is written then. */
  readonly onStatement?: (databaseName: string, statement: string) => void;
}

/** Notes what a person should know. */
export function addNotices({ notices }: Target, sentences: readonly string[]): void {
  for (const sentence of sentences) notices.add(sentence);
}
