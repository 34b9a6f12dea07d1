import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { call } from './call';
import type { LogQuery, StatementLog } from './ports';

/** CloudWatch Logs by the AWS SDK, with a given access key or the permissions of the function. */
export function sdkStatementLog(): StatementLog {
  let made: { readonly as: string; readonly client: CloudWatchLogsClient } | undefined;
  const load = async ({ region, key }: LogQuery) => {
    const sdk = await import('@aws-sdk/client-cloudwatch-logs');
    const as = [region, key?.accessKeyId, key?.secretAccessKey].join(' ');
    if (made?.as !== as) {
      const credentials = key && { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey };
      made = { as, client: new sdk.CloudWatchLogsClient({ region, credentials, maxAttempts: 3 }) };
    }
    return { sdk, client: made.client };
  };
  return {
    async page(query) {
      const { logGroupName, since, text, nextToken } = query;
      const { sdk, client } = await load(query);
      const filterPattern = text === undefined ? undefined : `"${text}"`;
      const input = { logGroupName, startTime: since, filterPattern, nextToken };
      const found = await call('logs:FilterLogEvents', logGroupName, () =>
        client.send(new sdk.FilterLogEventsCommand(input)),
      );
      const event = found.events?.[0];
      return { at: event && (event.timestamp ?? since), nextToken: found.nextToken };
    },
  };
}
