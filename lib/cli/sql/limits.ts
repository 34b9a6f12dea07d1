import { planRoleLimits } from '../../handler/sql-runner/plan/role-limits';
import { UsageError } from '../usage';
import { comment } from './text';
import type { SqlWish } from './wish';

const MAX_INT = 2_147_483_647;

/** A whole number of an option that may be left out, times `unit`. */
export function checkedNumber(option: string, text: string | undefined, unit = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) * unit : 0;
  if (value >= 1 && value <= MAX_INT) return value;
  throw new UsageError(
    `--${option} must be a whole number from 1 to ${Math.floor(MAX_INT / unit)}, got: ${text}`,
  );
}

/** Sets the limits of the role, whatever they are; those of a role that was there before are its administrator's. */
export function limitsPart(wish: SqlWish): string[] {
  const { roleName, connectionLimit, statementTimeoutMs } = wish;
  const databases = wish.databases.map((databaseName) => ({ databaseName }));
  const unknown = { connectionLimit: 0, originalConnectionLimit: null, statementTimeouts: [] };
  const wanted = { roleName, connectionLimit, statementTimeoutMs, databases };
  const { statements } = planRoleLimits(wanted, undefined, unknown, true);
  if (statements.length === 0) return [];
  return [comment('Its limits.'), ...statements.map(({ text }) => `${text};`)];
}
