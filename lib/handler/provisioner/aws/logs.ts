import type { CloudWatchLogsClient, LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { call } from './call';
import { isAws } from './failure';
import type { Logs } from './ports';

/** CloudWatch Logs by the AWS SDK, loaded when first used. */
export function sdkLogs(): Logs {
  let made: CloudWatchLogsClient | undefined;
  const load = async () => {
    const sdk = await import('@aws-sdk/client-cloudwatch-logs');
    return { sdk, client: (made ??= new sdk.CloudWatchLogsClient({ maxAttempts: 5 })) };
  };
  return {
    async find(logGroupName) {
      const { sdk, client } = await load();
      let nextToken: string | undefined;
      do {
        const input = { logGroupNamePrefix: logGroupName, nextToken };
        const page = await call('logs:DescribeLogGroups', logGroupName, () =>
          client.send(new sdk.DescribeLogGroupsCommand(input)),
        );
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
      const { sdk, client } = await load();
      await call('logs:CreateLogGroup', logGroupName, () =>
        client.send(new sdk.CreateLogGroupCommand({ logGroupName, kmsKeyId: kmsKeyArn, tags })),
      );
    },
    async setRetention(logGroupName, days) {
      const { sdk, client } = await load();
      if (days === undefined) {
        await call('logs:DeleteRetentionPolicy', logGroupName, () =>
          client.send(new sdk.DeleteRetentionPolicyCommand({ logGroupName })),
        );
        return;
      }
      await call('logs:PutRetentionPolicy', logGroupName, () =>
        client.send(new sdk.PutRetentionPolicyCommand({ logGroupName, retentionInDays: days })),
      );
    },
    async setKey(logGroupName, kmsKeyArn) {
      const { sdk, client } = await load();
      if (kmsKeyArn === undefined) {
        await call('logs:DisassociateKmsKey', logGroupName, () =>
          client.send(new sdk.DisassociateKmsKeyCommand({ logGroupName })),
        );
        return;
      }
      await call('logs:AssociateKmsKey', logGroupName, () =>
        client.send(new sdk.AssociateKmsKeyCommand({ logGroupName, kmsKeyId: kmsKeyArn })),
      );
    },
    // These calls take the group's name; the newer ones need its ARN, which would need another call.
    async readTags(logGroupName) {
      const { sdk, client } = await load();
      const found = await call('logs:ListTagsLogGroup', logGroupName, () =>
        client.send(new sdk.ListTagsLogGroupCommand({ logGroupName })),
      ).catch((error: unknown) => {
        if (isAws(error, 'ResourceNotFound')) return undefined;
        throw error;
      });
      return found?.tags ?? {};
    },
    async tag(logGroupName, tags) {
      const { sdk, client } = await load();
      await call('logs:TagLogGroup', logGroupName, () =>
        client.send(new sdk.TagLogGroupCommand({ logGroupName, tags })),
      );
    },
    async untag(logGroupName, keys) {
      const { sdk, client } = await load();
      await call('logs:UntagLogGroup', logGroupName, () =>
        client.send(new sdk.UntagLogGroupCommand({ logGroupName, tags: [...keys] })),
      );
    },
    async readProtection(logGroupName) {
      const { sdk, client } = await load();
      const input = { logGroupIdentifier: logGroupName };
      const found = await call('logs:GetDataProtectionPolicy', logGroupName, () =>
        client.send(new sdk.GetDataProtectionPolicyCommand(input)),
      );
      return found.policyDocument || undefined;
    },
    async setProtection(logGroupName, policyDocument) {
      const { sdk, client } = await load();
      const logGroupIdentifier = logGroupName;
      if (policyDocument === undefined) {
        await call('logs:DeleteDataProtectionPolicy', logGroupName, () =>
          client.send(new sdk.DeleteDataProtectionPolicyCommand({ logGroupIdentifier })),
        );
        return;
      }
      await call('logs:PutDataProtectionPolicy', logGroupName, () =>
        client.send(new sdk.PutDataProtectionPolicyCommand({ logGroupIdentifier, policyDocument })),
      );
    },
  };
}
