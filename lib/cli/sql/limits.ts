import { planRoleLimits } from '../../handler/sql-runner/plan/role-limits';
import { comment } from './text';
import type { SqlOptions } from './options';

/** Sets the limits of the role. An adopted role keeps its own. */
export function limitsPart(options: SqlOptions): string[] {
  const { roleName, connectionLimit, statementTimeout } = options;
  const databases = options.databases.map((databaseName) => ({ databaseName }));
  const unknown = { connectionLimit: 0, originalConnectionLimit: null, statementTimeouts: [] };
  const desired = { roleName, connectionLimit, statementTimeout, databases };
  const { statements } = planRoleLimits(desired, undefined, unknown, true);
  if (statements.length === 0) return [];
  return [comment('The limits of the role.'), ...statements.map(({ text }) => `${text};`)];
}
