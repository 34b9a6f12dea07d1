import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { IamGroup, IamGroups } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';

interface Group {
  readonly path: string;
  readonly users: Set<string>;
  readonly policies: Set<string>;
  readonly visibleFrom: number;
}

/** Groups of IAM with its codes, its eventual consistency, and rights that depend on the path of a group. */
export abstract class FakeIamGroups implements IamGroups {
  readonly groups = new Map<string, Group>();
  /** How long a new group is unknown to other calls. */
  groupDelay = 0;
  /** How long those who left are still listed as members. */
  departureDelay = 0;
  /** Runs once, before the next call of an action is answered: what another stack does meanwhile. */
  before: Record<string, () => Promise<void>> = {};
  /** Where the rights are to `group/datafold/NAME`: a group that does not exist has no path. */
  rightsByPath = false;
  private departed: { readonly group: string; readonly user: string; readonly until: number }[] = [];

  constructor(
    protected readonly faults: Faults,
    protected readonly now: () => number,
  ) {}

  protected abstract hasUser(userName: string): boolean;

  /** As somebody makes it by hand. */
  addGroup(groupName: string, path = '/', policies: readonly string[] = []): void {
    this.groups.set(groupName, { path, users: new Set(), policies: new Set(policies), visibleFrom: 0 });
  }

  /** A group as a person sees it. */
  groupAsSeen(groupName: string): object | undefined {
    const group = this.groups.get(groupName);
    return group && { path: group.path, users: [...group.users], policies: [...group.policies] };
  }

  async findGroup(groupName: string): Promise<IamGroup | undefined> {
    await this.begin('GetGroup', groupName);
    const group = this.visible(groupName);
    if (!group) return undefined;
    const ghosts = this.departed
      .filter(({ group: from, until }) => from === groupName && this.now() < until)
      .map(({ user }) => user);
    return {
      path: group.path,
      userNames: [...new Set([...group.users, ...ghosts])],
      hasMore: false,
    };
  }

  async createGroup(groupName: string, path: string): Promise<void> {
    await this.begin('CreateGroup', groupName);
    const same = [...this.groups.keys()].some((name) => name.toLowerCase() === groupName.toLowerCase());
    if (same) throw this.refusal('CreateGroup', groupName, 'EntityAlreadyExists');
    const visibleFrom = this.now() + this.groupDelay;
    this.groups.set(groupName, { path, users: new Set(), policies: new Set(), visibleFrom });
  }

  async deleteGroup(groupName: string): Promise<void> {
    await this.begin('DeleteGroup', groupName);
    const { users, policies } = this.own('DeleteGroup', groupName);
    if (users.size + policies.size > 0) throw this.refusal('DeleteGroup', groupName, 'DeleteConflict');
    this.groups.delete(groupName);
  }

  async listAttachedGroupPolicies(groupName: string): Promise<string[]> {
    await this.begin('ListAttachedGroupPolicies', groupName);
    return [...this.own('ListAttachedGroupPolicies', groupName).policies];
  }

  async attachGroupPolicy(groupName: string, policyArn: string): Promise<void> {
    await this.begin('AttachGroupPolicy', groupName);
    this.own('AttachGroupPolicy', groupName).policies.add(policyArn);
  }

  async detachGroupPolicy(groupName: string, policyArn: string): Promise<void> {
    await this.begin('DetachGroupPolicy', groupName);
    const found = this.own('DetachGroupPolicy', groupName).policies.delete(policyArn);
    if (!found) throw this.refusal('DetachGroupPolicy', groupName, 'NoSuchEntity');
  }

  async addUserToGroup(groupName: string, userName: string): Promise<void> {
    await this.begin('AddUserToGroup', groupName);
    const group = this.visible(groupName);
    if (!group || !this.hasUser(userName)) throw this.refusal('AddUserToGroup', groupName, 'NoSuchEntity');
    group.users.add(userName);
  }

  async removeUserFromGroup(groupName: string, userName: string): Promise<void> {
    await this.begin('RemoveUserFromGroup', groupName);
    const group = this.visible(groupName);
    if (!group || !this.hasUser(userName))
      throw this.refusal('RemoveUserFromGroup', groupName, 'NoSuchEntity');
    group.users.delete(userName);
    this.departed.push({ group: groupName, user: userName, until: this.now() + this.departureDelay });
  }

  private async begin(action: string, groupName: string): Promise<void> {
    const meanwhile = this.before[action] as (() => Promise<void>) | undefined;
    delete this.before[action];
    await meanwhile?.();
    this.faults.check(`iam:${action}`, `group ${groupName}`);
  }

  private visible(groupName: string): Group | undefined {
    const group = this.groups.get(groupName);
    return group && this.now() >= group.visibleFrom ? group : undefined;
  }

  /** For the actions that the provisioner may do to groups with the path of this library only. */
  private own(action: string, groupName: string): Group {
    const group = this.visible(groupName);
    if (group) return group;
    throw this.refusal(action, groupName, this.rightsByPath ? 'AccessDenied' : 'NoSuchEntity');
  }

  private refusal(action: string, groupName: string, code: string): AwsFailure {
    return new AwsFailure(`iam:${action}`, `group ${groupName}`, code, `The group with name ${groupName}.`);
  }
}
