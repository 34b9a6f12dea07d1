import type * as Sdk from '@aws-sdk/client-iam';
import { call } from './call';
import { isAws } from './failure';
import type { IamGroups } from './ports';

/** Groups of IAM by the AWS SDK, loaded when first used. */
export function sdkIamGroups(): IamGroups {
  let made: Sdk.IAMClient | undefined;
  const ask = async <T>(
    action: string,
    groupName: string,
    send: (sdk: typeof Sdk, client: Sdk.IAMClient) => Promise<T>,
  ) => {
    const sdk = await import('@aws-sdk/client-iam');
    const client = (made ??= new sdk.IAMClient({ maxAttempts: 5 }));
    return call(`iam:${action}`, `group ${groupName}`, () => send(sdk, client));
  };
  return {
    async findGroup(GroupName) {
      const found = await ask('GetGroup', GroupName, (sdk, client) =>
        client.send(new sdk.GetGroupCommand({ GroupName })),
      ).catch((error: unknown) => {
        if (isAws(error, 'NoSuchEntity')) return undefined;
        throw error;
      });
      return (
        found && {
          path: found.Group?.Path ?? '/',
          userNames: (found.Users ?? []).map(({ UserName }) => UserName ?? ''),
          hasMore: found.IsTruncated ?? false,
        }
      );
    },
    async createGroup(GroupName, Path) {
      await ask('CreateGroup', GroupName, (sdk, client) =>
        client.send(new sdk.CreateGroupCommand({ GroupName, Path })),
      );
    },
    async deleteGroup(GroupName) {
      await ask('DeleteGroup', GroupName, (sdk, client) =>
        client.send(new sdk.DeleteGroupCommand({ GroupName })),
      );
    },
    async listAttachedGroupPolicies(GroupName) {
      const found = await ask('ListAttachedGroupPolicies', GroupName, (sdk, client) =>
        client.send(new sdk.ListAttachedGroupPoliciesCommand({ GroupName })),
      );
      return (found.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? '');
    },
    async attachGroupPolicy(GroupName, PolicyArn) {
      await ask('AttachGroupPolicy', GroupName, (sdk, client) =>
        client.send(new sdk.AttachGroupPolicyCommand({ GroupName, PolicyArn })),
      );
    },
    async detachGroupPolicy(GroupName, PolicyArn) {
      await ask('DetachGroupPolicy', GroupName, (sdk, client) =>
        client.send(new sdk.DetachGroupPolicyCommand({ GroupName, PolicyArn })),
      );
    },
    async addUserToGroup(GroupName, UserName) {
      await ask('AddUserToGroup', GroupName, (sdk, client) =>
        client.send(new sdk.AddUserToGroupCommand({ GroupName, UserName })),
      );
    },
    async removeUserFromGroup(GroupName, UserName) {
      await ask('RemoveUserFromGroup', GroupName, (sdk, client) =>
        client.send(new sdk.RemoveUserFromGroupCommand({ GroupName, UserName })),
      );
    },
  };
}
