import { Token } from 'aws-cdk-lib';
import type { RoleLimits } from '../../role-limits';
import { MAX_INT } from '../wire/settings';

/** Returns the problems with the limits of the role. */
export function limitProblems({
  connectionLimit: limit,
  statementTimeout: timeout,
}: RoleLimits = {}): string[] {
  const problems: string[] = [];
  if (limit !== undefined && !Token.isUnresolved(limit) && !isPositive(limit))
    problems.push(`\`limits.connectionLimit\` must be a whole number from 1 to ${MAX_INT}, got: ${limit}`);
  if (timeout !== undefined && !timeout.isUnresolved() && !isPositive(timeout.toMilliseconds()))
    problems.push(
      `\`limits.statementTimeout\` must be from 1 millisecond to ${MAX_INT} milliseconds (24 days), got: ${timeout.toString()}`,
    );
  return problems;
}

const isPositive = (value: number) => Number.isInteger(value) && value >= 1 && value <= MAX_INT;
