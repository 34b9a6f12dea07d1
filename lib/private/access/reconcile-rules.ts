import { Duration } from 'aws-cdk-lib';
import type { ReconcileOptions } from '../../reconcile-options';

/** An alarm evaluates one day at most, and an inspection takes minutes. */
const MIN_INTERVAL = Duration.hours(1);
const MAX_INTERVAL = Duration.days(1);

/** Returns the problems with the prop `reconcile`. */
export function reconcileProblems(reconcile: ReconcileOptions | undefined): string[] {
  const every = reconcile?.every;
  if (!every || every.isUnresolved()) return [];
  const seconds = every.toSeconds();
  if (seconds >= MIN_INTERVAL.toSeconds() && seconds <= MAX_INTERVAL.toSeconds() && seconds % 60 === 0)
    return [];
  return [`\`reconcile.every\` must be whole minutes from an hour to a day, got: ${every.toHumanString()}`];
}
