import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { AccessKey, AccessKeyId, Iam } from '../../../../lib/handler/provisioner/aws/ports';
import type { Faults } from './faults';
import { FakeIamGroups } from './fake-iam-groups';

/** IAM with its quota of two keys and its codes. */
export class FakeIam extends FakeIamGroups implements Iam {
  private readonly users = new Map<string, { accessKeyId: string; active: boolean; createdAt: number }[]>();
  private readonly policies = new Map<string, Set<string>>();
  private made = 0;
  /** How long a policy that was attached is not listed. */
  attachmentDelay = 0;
  private attachedAt = 0;

  constructor(
    faults: Faults,
    private readonly secret: (text: string) => string,
    now: () => number,
  ) {
    super(faults, now);
  }

  protected override hasUser(userName: string): boolean {
    return this.users.has(userName);
  }

  /** With the managed policies that are attached as it is made. */
  addUser(userName: string, ...policies: string[]): void {
    this.users.set(userName, []);
    this.policies.set(userName, new Set());
    for (const policy of policies) this.attachUserPolicy(userName, policy);
  }

  attachUserPolicy(userName: string, policyArn: string): void {
    this.policies.get(userName)?.add(policyArn);
    this.attachedAt = this.now();
  }

  detachUserPolicy(userName: string, policyArn: string): void {
    this.policies.get(userName)?.delete(policyArn);
  }

  /** As somebody does it by hand. */
  addKey(userName: string, accessKeyId: string): void {
    this.users.get(userName)?.push({ accessKeyId, active: true, createdAt: this.now() });
  }

  deactivate(userName: string, accessKeyId: string): void {
    for (const key of this.users.get(userName) ?? []) if (key.accessKeyId === accessKeyId) key.active = false;
  }

  /** As somebody does it by hand, keys and all. */
  dropUser(userName: string): void {
    this.users.delete(userName);
  }

  /** False where keys are left, as for CloudFormation. */
  removeUser(userName: string): boolean {
    return this.keysOf(userName).length === 0 && this.users.delete(userName);
  }

  keysOf(userName: string): string[] {
    return (this.users.get(userName) ?? []).map((key) => key.accessKeyId);
  }

  async listAttachedUserPolicies(userName: string): Promise<string[]> {
    this.faults.check('iam:ListAttachedUserPolicies', `user ${userName}`);
    this.find('iam:ListAttachedUserPolicies', userName);
    const isListed = this.now() - this.attachedAt >= this.attachmentDelay;
    return isListed ? [...(this.policies.get(userName) ?? [])] : [];
  }

  async listAccessKeys(userName: string): Promise<AccessKeyId[]> {
    this.faults.check('iam:ListAccessKeys', `user ${userName}`);
    return this.find('iam:ListAccessKeys', userName).map((key) => ({ ...key }));
  }

  async createAccessKey(userName: string): Promise<AccessKey> {
    const [action, resource] = ['iam:CreateAccessKey', `user ${userName}`];
    this.faults.check(action, resource);
    const keys = this.find(action, userName);
    const quota = 'Cannot exceed quota for AccessKeysPerUser: 2';
    if (keys.length >= 2) throw new AwsFailure(action, resource, 'LimitExceeded', quota);
    const number = ++this.made;
    const key = {
      accessKeyId: `AKIAEXAMPLE${number}`,
      secretAccessKey: this.secret(`wJal+/"rXUtn${number}FEMI`),
    };
    keys.push({ accessKeyId: key.accessKeyId, active: true, createdAt: this.now() });
    return key;
  }

  async deactivateAccessKey(userName: string, accessKeyId: string): Promise<void> {
    this.faults.check('iam:UpdateAccessKey', `user ${userName}, key ${accessKeyId}`);
    this.deactivate(userName, accessKeyId);
  }

  async deleteAccessKey(userName: string, accessKeyId: string): Promise<void> {
    const [action, resource] = ['iam:DeleteAccessKey', `user ${userName}, key ${accessKeyId}`];
    this.faults.check(action, resource);
    const keys = this.find(action, userName);
    const index = keys.findIndex((key) => key.accessKeyId === accessKeyId);
    if (index < 0) throw new AwsFailure(action, resource, 'NoSuchEntity', 'The Access Key cannot be found.');
    keys.splice(index, 1);
  }

  private find(action: string, userName: string) {
    const keys = this.users.get(userName);
    if (keys) return keys;
    const detail = `The user with name ${userName} cannot be found.`;
    throw new AwsFailure(action, `user ${userName}`, 'NoSuchEntity', detail);
  }
}
