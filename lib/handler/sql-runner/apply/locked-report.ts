import type { DatabaseSpec } from '../../../private/wire/sql';
import type { DatabaseReport } from '../../../private/wire/sql-reports';

/** Returns the report for a database if the role cannot log in. */
export function lockedReport({ databaseName }: DatabaseSpec, lock: string): DatabaseReport {
  return {
    databaseName,
    schemas: 0,
    relations: 0,
    unreadable: [],
    unreadableCount: 0,
    steps: [{ step: 'connection', ok: false, message: lock }],
  };
}
