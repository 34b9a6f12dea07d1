import type { ServerAddress } from '../../../private/wire/sql';
import type { Deadline } from '../deadline';

/** The server of a run, with its deadline and callbacks. */
export interface Target {
  readonly address: ServerAddress;
  readonly deadline: Deadline;
  /** The database in which runs create and lock roles. */
  readonly maintenanceDatabase?: string;
  readonly adminName?: string;
  /** Notices about committed work, kept even if the run fails later. */
  readonly notices: Set<string>;
  /** Called when a connection was opened. */
  readonly onConnected?: () => void;
  /** Called when the role is found to be created by an earlier run. */
  readonly onFound?: () => void;
  /** Throws if a newer run for the same resource took over. */
  readonly assertTurn?: () => void;
  /** Dry run: called with each statement, which is not executed. */
  readonly onStatement?: (databaseName: string, statement: string) => void;
}

/** Adds notices to the report of the run. */
export function addNotices({ notices }: Target, sentences: readonly string[]): void {
  for (const sentence of sentences) notices.add(sentence);
}
