import type { IAMClient } from '@aws-sdk/client-iam';
import { call } from './call';
import type { Iam } from './ports';

/** IAM by the AWS SDK, loaded when first used. */
export function sdkIam(): Iam {
  let made: IAMClient | undefined;
  const load = async () => {
    const sdk = await import('@aws-sdk/client-iam');
    return { sdk, client: (made ??= new sdk.IAMClient({ maxAttempts: 5 })) };
  };
  return {
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html: the list has pages.
    async listAttachedUserPolicies(userName) {
      const { sdk, client } = await load();
      return call('iam:ListAttachedUserPolicies', `user ${userName}`, async () => {
        const arns: string[] = [];
        for await (const page of sdk.paginateListAttachedUserPolicies({ client }, { UserName: userName }))
          for (const { PolicyArn } of page.AttachedPolicies ?? []) if (PolicyArn) arns.push(PolicyArn);
        return arns;
      });
    },
    async listAccessKeys(userName) {
      const { sdk, client } = await load();
      const found = await call('iam:ListAccessKeys', `user ${userName}`, () =>
        client.send(new sdk.ListAccessKeysCommand({ UserName: userName })),
      );
      return (found.AccessKeyMetadata ?? []).map((key) => ({
        accessKeyId: key.AccessKeyId ?? '',
        active: key.Status === 'Active',
        createdAt: key.CreateDate?.getTime() ?? 0,
      }));
    },
    async createAccessKey(userName) {
      const { sdk } = await load();
      // No retries: after a lost response a retry would create a second key.
      const once = new sdk.IAMClient({ maxAttempts: 1 });
      const made = await call('iam:CreateAccessKey', `user ${userName}`, () =>
        once.send(new sdk.CreateAccessKeyCommand({ UserName: userName })),
      );
      const key = made.AccessKey;
      return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
    },
    async deactivateAccessKey(userName, accessKeyId) {
      const { sdk, client } = await load();
      const input = { UserName: userName, AccessKeyId: accessKeyId, Status: 'Inactive' as const };
      await call('iam:UpdateAccessKey', `user ${userName}, key ${accessKeyId}`, () =>
        client.send(new sdk.UpdateAccessKeyCommand(input)),
      );
    },
    async deleteAccessKey(userName, accessKeyId) {
      const { sdk, client } = await load();
      await call('iam:DeleteAccessKey', `user ${userName}, key ${accessKeyId}`, () =>
        client.send(new sdk.DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId })),
      );
    },
  };
}
