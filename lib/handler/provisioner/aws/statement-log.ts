import { call } from './call';
import type { StatementLog } from './statement-log-ports';

/** A page can be empty although there are more. */
const MOST_PAGES = 50;

/** CloudWatch Logs by the AWS SDK, with the access key of somebody else. */
export function sdkStatementLog(): StatementLog {
  return {
    async find({ key, region, logGroupName, since, text }) {
      const sdk = await import('@aws-sdk/client-cloudwatch-logs');
      const { accessKeyId, secretAccessKey } = key;
      const credentials = { accessKeyId, secretAccessKey };
      const client = new sdk.CloudWatchLogsClient({ region, credentials, maxAttempts: 3 });
      const filterPattern = text === undefined ? undefined : `"${text}"`;
      let nextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const input = { logGroupName, startTime: since, filterPattern, nextToken };
        const found = await call('logs:FilterLogEvents', logGroupName, () =>
          client.send(new sdk.FilterLogEventsCommand(input)),
        );
        const event = found.events?.[0];
        if (event) return event.timestamp ?? since;
        nextToken = found.nextToken;
        if (nextToken === undefined) break;
      }
      return undefined;
    },
  };
}
