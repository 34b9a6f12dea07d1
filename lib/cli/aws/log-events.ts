import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { DoctorPorts } from '../doctor/ports';
import { withAwsContext } from './session';

/** FilterLogEvents allows few requests a second, and a report needs hundreds: those that are throttled are repeated. */
const MAX_ATTEMPTS = 12;

/** Reads events of log groups with the user's own credentials. */
export function readEvents(): DoctorPorts['readEvents'] {
  const clients = new Map<string, CloudWatchLogsClient>();
  return async ({ logGroupName, region, from, to, nextToken }) => {
    const known = clients.get(region);
    const client = known ?? new CloudWatchLogsClient({ region, maxAttempts: MAX_ATTEMPTS });
    clients.set(region, client);
    // Both times are included.
    const input = { logGroupName, startTime: from, endTime: to - 1, nextToken };
    const page = await withAwsContext('logs:FilterLogEvents', logGroupName, async () =>
      client.send(new FilterLogEventsCommand(input)),
    );
    const events = (page.events ?? []).map(({ logStreamName = '', timestamp = from, message = '' }) => ({
      stream: logStreamName,
      at: timestamp,
      message,
    }));
    return { events, nextToken: page.nextToken };
  };
}
