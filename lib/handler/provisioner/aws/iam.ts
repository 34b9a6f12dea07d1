import { allPages, senderOf } from './call';
import type { Iam } from './ports';

/** IAM by the AWS SDK, loaded when first used. */
export function sdkIam(): Iam {
  const load = async () => import('@aws-sdk/client-iam');
  const send = senderOf('iam', load, (sdk) => new sdk.IAMClient({ maxAttempts: 5 }));
  // No retries: after a lost response a retry would create a second key.
  const sendOnce = senderOf('iam', load, (sdk) => new sdk.IAMClient({ maxAttempts: 1 }));
  return {
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html: the list has pages.
    async listAttachedUserPolicies(userName) {
      const policies = await allPages(async (Marker) => {
        const input = { UserName: userName, Marker };
        const page = await send('ListAttachedUserPolicies', `user ${userName}`, input);
        return { items: page.AttachedPolicies, marker: page.IsTruncated ? page.Marker : undefined };
      });
      return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
    },
    async listAccessKeys(userName) {
      const found = await send('ListAccessKeys', `user ${userName}`, { UserName: userName });
      return (found.AccessKeyMetadata ?? []).map((key) => ({
        accessKeyId: key.AccessKeyId ?? '',
        active: key.Status === 'Active',
        createdAt: key.CreateDate?.getTime() ?? 0,
      }));
    },
    async createAccessKey(userName) {
      const made = await sendOnce('CreateAccessKey', `user ${userName}`, { UserName: userName });
      const key = made.AccessKey;
      return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
    },
    async deactivateAccessKey(userName, accessKeyId) {
      const input = { UserName: userName, AccessKeyId: accessKeyId, Status: 'Inactive' as const };
      await send('UpdateAccessKey', `user ${userName}, key ${accessKeyId}`, input);
    },
    async deleteAccessKey(userName, accessKeyId) {
      await send('DeleteAccessKey', `user ${userName}, key ${accessKeyId}`, {
        UserName: userName,
        AccessKeyId: accessKeyId,
      });
    },
  };
}
