import type { LogGroupState } from '../../../handler/provisioner/aws/ports';
import type { ServerEvent } from '../../../handler/provisioner/aws/rds-ports';
import { logClassProblem } from '../../../handler/provisioner/log-group/settings';
import { findingsOfEvents } from '../../../handler/provisioner/reconcile/deleted-log-files';
import type { Gap, InstancePresence, Sampling } from './model';
import { HOUR_MS } from './timeline';

/** What is known of a log group besides its events. */
export interface LogFacts {
  readonly logGroupName: string;
  readonly group?: LogGroupState;
  /** The events of RDS of each instance. Undefined if they can't be read. */
  readonly events: readonly { readonly instance: string; readonly events?: readonly ServerEvent[] }[];
}

const DAY_MS = 24 * HOUR_MS;

/** Finds what is missing in the log: deleted files, silent instances, a retention that is too short. */
export function findGaps(
  { logGroupName, group, events }: LogFacts,
  instances: readonly InstancePresence[],
  { from, to }: { readonly from: number; readonly to: number },
  { completeParts, parts }: Sampling,
): Gap[] {
  const gaps: Gap[] = [];
  const wrongClass = logClassProblem(logGroupName, group?.logGroupClass);
  if (wrongClass) gaps.push({ what: wrongClass.sentence, next: wrongClass.next });
  for (const { instance, events: known } of events) {
    if (known)
      for (const { finding, next } of findingsOfEvents(instance, known)) gaps.push({ what: finding, next });
    else
      gaps.push({
        what: `It is not known whether Aurora deleted log files of ${instance}, because its events could not be read.`,
        next: 'Allow rds:DescribeEvents for your AWS credentials.',
      });
  }
  for (const { instance, entries, silences } of instances) {
    if (entries === 0 && completeParts === parts)
      gaps.push({
        what: `${instance} wrote nothing to the log group.`,
        next: `Check that the instance runs and exports its log postgresql; \`doctor\` checks the export.`,
      });
    else if (entries > 0 && silences.length > 0)
      gaps.push({
        what: `${instance} wrote nothing to the log group in ${hoursIn(silences)}.`,
        next: 'That is no gap if the instance was idle or did not exist. Otherwise look for a changed log_statement, a stopped export or deleted log files.',
      });
  }
  const retention = group?.retentionInDays;
  if (retention !== undefined && retention * DAY_MS < to - from)
    gaps.push({
      what: `The log group keeps its events for ${retention} days, which is less than the time of this report.`,
      next: 'Choose a longer `logRetention`, or a shorter time by --hours.',
    });
  return gaps;
}

/** `3 hours (2026-11-28 01:00 to 04:00 UTC)`. */
function hoursIn(silences: InstancePresence['silences']): string {
  const hours = silences.reduce((sum, { from, to }) => sum + (to - from) / HOUR_MS, 0);
  const spans = silences.slice(0, 3).map(({ from, to }) => `${timeOf(from)} to ${timeOf(to).slice(-5)}`);
  const more = silences.length > 3 ? `, and ${silences.length - 3} more` : '';
  return `${hours} ${hours === 1 ? 'hour' : 'hours'} (${spans.join(', ')}${more} UTC)`;
}

const timeOf = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
