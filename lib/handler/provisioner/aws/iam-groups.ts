import { senderOf } from './call';
import { noneIf } from './failure';
import type { IamGroups } from './ports';

/** Groups of IAM by the AWS SDK, loaded when first used. */
export function sdkIamGroups(): IamGroups {
  const load = async () => import('@aws-sdk/client-iam');
  const send = senderOf('iam', load, (sdk) => new sdk.IAMClient({ maxAttempts: 5 }));
  return {
    async findGroup(GroupName) {
      const found = await send('GetGroup', `group ${GroupName}`, { GroupName }).catch(noneIf('NoSuchEntity'));
      return (
        found && {
          path: found.Group?.Path ?? '/',
          userNames: (found.Users ?? []).map(({ UserName }) => UserName ?? ''),
          hasMore: found.IsTruncated ?? false,
        }
      );
    },
    async createGroup(GroupName, Path) {
      await send('CreateGroup', `group ${GroupName}`, { GroupName, Path });
    },
    async deleteGroup(GroupName) {
      await send('DeleteGroup', `group ${GroupName}`, { GroupName });
    },
    async listAttachedGroupPolicies(GroupName) {
      const found = await send('ListAttachedGroupPolicies', `group ${GroupName}`, { GroupName });
      return (found.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? '');
    },
    async attachGroupPolicy(GroupName, PolicyArn) {
      await send('AttachGroupPolicy', `group ${GroupName}`, { GroupName, PolicyArn });
    },
    async detachGroupPolicy(GroupName, PolicyArn) {
      await send('DetachGroupPolicy', `group ${GroupName}`, { GroupName, PolicyArn });
    },
    async addUserToGroup(GroupName, UserName) {
      await send('AddUserToGroup', `group ${GroupName}`, { GroupName, UserName });
    },
    async removeUserFromGroup(GroupName, UserName) {
      await send('RemoveUserFromGroup', `group ${GroupName}`, { GroupName, UserName });
    },
  };
}
