import { isAws } from '../aws/failure';
import type { ServerEvent } from '../aws/rds-ports';
import { reasonOf } from '../runtime/failure';
import { findServer } from '../statement-logging/server-status';
import type { Finding } from './findings';
import type { Part } from './result';

/** How long RDS keeps events. */
const EVENT_WINDOW_MINUTES = 14 * 24 * 60;

/**
 * Finds log files that Aurora deleted, perhaps before they were published to CloudWatch: their statements give no lineage.
 *
 * RDS-EVENT-0610 and RDS-EVENT-0611 (Aurora user guide, "Planning storage for Aurora database log files"). DescribeEvents
 * returns the text of an event without its id, so the text is matched and quoted.
 */
export const findDeletedLogFiles: Part = async (run, { desired: { statementLog } }) => {
  if (statementLog?.server.kind !== 'cluster') return {};
  const server = await findServer(run, statementLog.server);
  const findings: Finding[] = [];
  for (const { identifier } of server?.members ?? [])
    try {
      const events = await run.call(`events of instance ${identifier}`, () =>
        run.aws.rds.eventsOf(identifier, EVENT_WINDOW_MINUTES),
      );
      findings.push(...findingsOfEvents(identifier, events));
    } catch (error) {
      if (!isAws(error, 'AccessDenied')) throw error;
      const finding = `It is not known whether Aurora deleted log files of ${identifier}: ${reasonOf(error)}`;
      findings.push({ kind: 'skipped', finding, next: 'The next run checks again.' });
    }
  return { findings };
};

/** Returns at most one finding for an instance, with the newest event. */
export function findingsOfEvents(instance: string, events: readonly ServerEvent[]): Finding[] {
  const deletions = events.filter(({ message }) => /\blog files?\b/i.test(message) && /delet/i.test(message));
  const newest = [...deletions].sort((a, b) => b.at - a.at)[0];
  if (!newest) return [];
  const times = deletions.length === 1 ? 'once' : `${deletions.length} times`;
  return [
    {
      kind: 'lost-log',
      finding: `Aurora deleted log files of the instance ${instance} ${times} in 14 days, perhaps before they were published to CloudWatch (RDS-EVENT-0610, 0611): Datafold derives no lineage from statements in them. The last time, ${new Date(newest.at).toISOString()}: ${newest.message}`,
      next: 'Log fewer statements (`excludedRoles`, `excludedDatabases`, `logBindValues: false`), or give the instance a class with more storage for log files.',
    },
  ];
}
