import { collectLog, type CollectPorts } from '../../../lib/cli/doctor/report/collect';
import type { Report } from '../../../lib/cli/doctor/report/model';
import type { LogEvent } from '../../../lib/cli/statement-log/entry';

export const HOURS = 4;
export const TO = Date.parse('2026-11-28T12:00:00Z');
export const FROM = TO - HOURS * 3_600_000;
export const LOG_GROUP = '/aws/rds/cluster/shop/postgresql';

/** Ports that read these events, on pages of 100. */
export function portsFor(events: readonly LogEvent[], more: Partial<CollectPorts> = {}): CollectPorts {
  return {
    async readEvents({ from, to, nextToken = '0' }) {
      const [all, start] = [events.filter(({ at }) => at >= from && at < to), Number(nextToken)];
      const isMore = start + 100 < all.length;
      return { events: all.slice(start, start + 100), ...(isMore && { nextToken: String(start + 100) }) };
    },
    findServer: async () => undefined,
    findLogGroup: async () => ({ retentionInDays: 30 }),
    eventsOf: async () => [],
    ...more,
  };
}

/** A report on these events, without checks. */
export async function reportOn(events: readonly LogEvent[], maxBytes = 200_000_000): Promise<Report> {
  const target = { logGroupName: LOG_GROUP, region: 'us-east-1', datafoldRoles: ['datafold'] };
  const log = await collectLog(portsFor(events), target, { from: FROM, to: TO, maxBytes }, () => undefined);
  return { version: '0.1.0', generatedAt: TO, subject: 'Shop', ok: true, checks: [], logs: [log] };
}
