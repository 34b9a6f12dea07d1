import type { AccessSpec } from '../../../private/wire/sql';
import type { DatabaseReport, ApplyReport } from '../../../private/wire/sql-reports';
import { shorten } from '../../shorten';
import { UNKNOWN } from '../runtime/lifecycle';
import type { Run } from '../aws/run';

/** Returns the attributes of the custom resource: short and without secrets. */
export function attributesOf(
  run: Run,
  roleName: string,
  { databases, notices }: Pick<ApplyReport, 'databases' | 'notices'>,
): Record<string, string> {
  const sum = (count: (database: DatabaseReport) => number) =>
    String(databases.reduce((total, database) => total + count(database), 0));
  const logStatements = new Set(databases.map(({ logStatement }) => logStatement ?? 'unknown'));
  return {
    RoleName: roleName,
    Databases: String(databases.length),
    Relations: sum(({ relations, unreadableCount, failingCount = 0 }) =>
      Math.max(0, relations - unreadableCount - failingCount),
    ),
    Unreadable: sum(({ unreadableCount }) => unreadableCount),
    Failing: sum(({ failingCount = 0 }) => failingCount),
    Filtered: sum(({ filteredCount = 0 }) => filteredCount),
    LogStatement: [...logStatements].join(', '),
    Notices: shorten(run.clean(notices.join(' ')), 800),
    Steps: shorten(run.clean(databases.map(summary).join('; ')), 800),
  };
}

/** Returns all attributes as unknown, for a rollback that could not reach the server. */
export function unknownAttributes(
  run: Run,
  { roleName, databases }: Pick<AccessSpec, 'roleName' | 'databases'>,
  notice: string,
): Record<string, string> {
  const names = [
    'Relations',
    'Unreadable',
    'Failing',
    'Filtered',
    'LogStatement',
    'Steps',
    'ConnectionStep',
    'TempSchemaStep',
    'SchemaDownloadStep',
    'LineageDownloadStep',
    'Writable',
  ];
  return {
    RoleName: roleName,
    Databases: String(databases.length),
    ...Object.fromEntries(names.map((name) => [name, UNKNOWN])),
    Notices: run.clean(notice),
  };
}

function summary({ databaseName, steps }: DatabaseReport): string {
  return `${databaseName}: ${steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`).join(', ')}`;
}
