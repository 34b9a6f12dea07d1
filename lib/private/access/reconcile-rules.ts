import { Duration } from 'aws-cdk-lib';
import type { ReconcileOptions } from '../../reconcile-options';

/** An alarm looks back a day at most, and a run takes minutes. */
const MIN_INTERVAL = Duration.hours(1);
const MAX_INTERVAL = Duration.days(1);

/** What is wrong with a schedule that a user asked for. */
export function reconcileProblems(reconcile: ReconcileOptions | undefined): string[] {
  const every = reconcile?.every;
  if (!every || every.isUnresolved()) return [];
  const seconds = every.toSeconds();
  if (seconds >= MIN_INTERVAL.toSeconds() && seconds <= MAX_INTERVAL.toSeconds() && seconds % 60 === 0)
    return [];
  return [`\`reconcile.every\` must be whole minutes from an hour to a day, got: ${every.toHumanString()}`];
}
