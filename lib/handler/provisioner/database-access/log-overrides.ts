import type { DatabaseReport } from '../../../private/wire/sql';

const NAMED = 5;

/** A sentence for each database in which somebody is logged less than the server logs. */
export function overrideNotices(databases: readonly DatabaseReport[]): string[] {
  return databases.flatMap(({ databaseName, logOverrides = [] }) => {
    if (logOverrides.length === 0) return [];
    const named = logOverrides
      .slice(0, NAMED)
      .map(
        ({ object, logStatement, statement }) =>
          `${object} with log_statement=${logStatement} (to end it: ${statement})`,
      );
    const more = logOverrides.length > NAMED ? '; and others' : '';
    return [
      `Not all changes in database ${databaseName} are logged for Datafold, for these have a log_statement of their own: ${named.join('; ')}${more}.`,
    ];
  });
}
