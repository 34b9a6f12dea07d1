import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { senderOf } from './call';
import { noneIf } from './failure';
import type { Logs } from './ports';

/** CloudWatch Logs by the AWS SDK, loaded when first used. */
export function sdkLogs(): Logs {
  const load = async () => import('@aws-sdk/client-cloudwatch-logs');
  const send = senderOf('logs', load, (sdk) => new sdk.CloudWatchLogsClient({ maxAttempts: 5 }));
  return {
    async find(logGroupName) {
      let nextToken: string | undefined;
      do {
        const input = { logGroupNamePrefix: logGroupName, nextToken };
        const page = await send('DescribeLogGroups', logGroupName, input);
        const found = page.logGroups?.find((group: LogGroup) => group.logGroupName === logGroupName);
        if (found)
          return {
            retentionInDays: found.retentionInDays,
            kmsKeyArn: found.kmsKeyId,
            ...(found.logGroupClass && { logGroupClass: found.logGroupClass }),
          };
        nextToken = page.nextToken;
      } while (nextToken);
      return undefined;
    },
    async create(logGroupName, kmsKeyArn, tags) {
      await send('CreateLogGroup', logGroupName, { logGroupName, kmsKeyId: kmsKeyArn, tags });
    },
    async setRetention(logGroupName, days) {
      if (days === undefined) {
        await send('DeleteRetentionPolicy', logGroupName, { logGroupName });
        return;
      }
      await send('PutRetentionPolicy', logGroupName, { logGroupName, retentionInDays: days });
    },
    async setKey(logGroupName, kmsKeyArn) {
      if (kmsKeyArn === undefined) {
        await send('DisassociateKmsKey', logGroupName, { logGroupName });
        return;
      }
      await send('AssociateKmsKey', logGroupName, { logGroupName, kmsKeyId: kmsKeyArn });
    },
    // These calls take the group's name; the newer ones need its ARN, which would need another call.
    async readTags(logGroupName) {
      const found = await send('ListTagsLogGroup', logGroupName, { logGroupName }).catch(
        noneIf('ResourceNotFound'),
      );
      return found?.tags ?? {};
    },
    async tag(logGroupName, tags) {
      await send('TagLogGroup', logGroupName, { logGroupName, tags });
    },
    async untag(logGroupName, keys) {
      await send('UntagLogGroup', logGroupName, { logGroupName, tags: [...keys] });
    },
    async readProtection(logGroupName) {
      const input = { logGroupIdentifier: logGroupName };
      const found = await send('GetDataProtectionPolicy', logGroupName, input);
      return found.policyDocument || undefined;
    },
    async setProtection(logGroupName, policyDocument) {
      const logGroupIdentifier = logGroupName;
      if (policyDocument === undefined) {
        await send('DeleteDataProtectionPolicy', logGroupName, { logGroupIdentifier });
        return;
      }
      await send('PutDataProtectionPolicy', logGroupName, { logGroupIdentifier, policyDocument });
    },
  };
}
