import { Duration, Token } from 'aws-cdk-lib';
import type { ReconcileOptions } from '../../reconcile-options';
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

/** An alarm evaluates one day at most, and an inspection takes minutes. */
const MIN_INTERVAL = Duration.hours(1);
const MAX_INTERVAL = Duration.days(1);

/** Returns the problems with the prop `reconcile` for a role. */
export function reconcileProblems(reconcile: ReconcileOptions | undefined, roleName = ''): string[] {
  if (!reconcile) return [];
  return [
    ...intervalProblems(reconcile.every),
    // "Dimension values must contain only ASCII characters" (CloudWatch API reference, "Dimension").
    ...(Token.isUnresolved(roleName) || /^[\x20-\x7e]*$/.test(roleName)
      ? []
      : [
          `\`reconcile\` has metrics with the name of the role, for which CloudWatch takes ASCII characters only: choose another \`roleName\` or leave out \`reconcile\`, got: ${roleName}`,
        ]),
  ];
}

function intervalProblems(every: Duration | undefined): string[] {
  if (!every || every.isUnresolved()) return [];
  const seconds = every.toSeconds();
  if (seconds >= MIN_INTERVAL.toSeconds() && seconds <= MAX_INTERVAL.toSeconds() && seconds % 60 === 0)
    return [];
  return [`\`reconcile.every\` must be whole minutes from an hour to a day, got: ${every.toHumanString()}`];
}
