import { planRoleLimits } from '../../handler/sql-runner/plan/role-limits';
import { UsageError } from '../command';
import { comment } from './text';
import type { SqlOptions } from './options';

const MAX_INT = 2_147_483_647;

/** Parses a whole number from an option and multiplies it by `unit`. */
export function checkedNumber(option: string, text: string | undefined, unit = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) * unit : 0;
  if (value >= 1 && value <= MAX_INT) return value;
  throw new UsageError(
    `--${option} must be a whole number from 1 to ${Math.floor(MAX_INT / unit)}, got: ${text}`,
  );
}

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
