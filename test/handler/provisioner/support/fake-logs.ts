import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import type { LogGroupState, Logs } from '../../../../lib/handler/provisioner/aws/ports';
import type { Tags } from '../../../../lib/handler/provisioner/aws/rds-ports';
import type { Faults } from './faults';

interface Group {
  retentionInDays?: number;
  kmsKeyArn?: string;
  policy?: string;
  logGroupClass?: string;
}

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** CloudWatch Logs: groups and what they are set to. */
export class FakeLogs implements Logs {
  private readonly groups = new Map<string, Group>();
  private readonly tags = new Map<string, Tags>();
  private madeNext?: string;

  constructor(private readonly faults: Faults) {}

  /** As RDS or somebody else makes it. */
  add(name: string, settings: Group = {}): void {
    this.groups.set(name, { ...settings });
  }

  /** RDS makes the group just after it was looked for. */
  addAfterLook(name: string): void {
    this.madeNext = name;
  }

  drop(name: string): void {
    this.groups.delete(name);
    this.tags.delete(name);
  }

  tagsOf(name: string): Tags {
    return this.tags.get(name) ?? {};
  }

  groupOf(name: string): Group | undefined {
    return this.groups.get(name);
  }

  async find(name: string): Promise<LogGroupState | undefined> {
    this.faults.check('logs:DescribeLogGroups', name);
    const group = this.groups.get(name);
    if (this.madeNext) this.add(this.madeNext);
    this.madeNext = undefined;
    if (!group) return undefined;
    const { retentionInDays, kmsKeyArn, logGroupClass } = group;
    return { retentionInDays, kmsKeyArn, ...(logGroupClass && { logGroupClass }) };
  }

  async create(name: string, kmsKeyArn?: string, tags: Tags = {}): Promise<void> {
    this.faults.check('logs:CreateLogGroup', name);
    if (this.groups.has(name))
      throw new AwsFailure(
        'logs:CreateLogGroup',
        name,
        'ResourceAlreadyExists',
        'The specified log group already exists',
      );
    this.groups.set(name, kmsKeyArn === undefined ? {} : { kmsKeyArn });
    this.setTags(name, tags);
  }

  async readTags(name: string): Promise<Tags> {
    this.faults.check('logs:ListTagsLogGroup', name);
    return this.tagsOf(name);
  }

  async tag(name: string, tags: Tags): Promise<void> {
    this.get('logs:TagLogGroup', name);
    this.setTags(name, { ...this.tagsOf(name), ...tags });
  }

  async untag(name: string, keys: readonly string[]): Promise<void> {
    this.get('logs:UntagLogGroup', name);
    this.setTags(
      name,
      Object.fromEntries(Object.entries(this.tagsOf(name)).filter(([key]) => !keys.includes(key))),
    );
  }

  async setRetention(name: string, days?: number): Promise<void> {
    const action = days === undefined ? 'logs:DeleteRetentionPolicy' : 'logs:PutRetentionPolicy';
    const group = this.get(action, name);
    if (days !== undefined && !RETENTIONS.includes(days))
      throw new AwsFailure(action, name, 'InvalidParameter', `${days} is not a retention`);
    if (days === undefined) delete group.retentionInDays;
    else group.retentionInDays = days;
  }

  async setKey(name: string, kmsKeyArn?: string): Promise<void> {
    const group = this.get(
      kmsKeyArn === undefined ? 'logs:DisassociateKmsKey' : 'logs:AssociateKmsKey',
      name,
    );
    if (kmsKeyArn === undefined) delete group.kmsKeyArn;
    else group.kmsKeyArn = kmsKeyArn;
  }

  async readProtection(name: string): Promise<string | undefined> {
    return this.get('logs:GetDataProtectionPolicy', name).policy;
  }

  async setProtection(name: string, policy?: string): Promise<void> {
    const group = this.get(
      policy === undefined ? 'logs:DeleteDataProtectionPolicy' : 'logs:PutDataProtectionPolicy',
      name,
    );
    if (policy === undefined) delete group.policy;
    else group.policy = policy;
  }

  /** By the rules of AWS for keys and values. */
  private setTags(name: string, tags: Tags): void {
    for (const [key, value] of Object.entries(tags))
      if (
        !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) ||
        !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)
      )
        throw new AwsFailure('logs:TagLogGroup', name, 'InvalidParameter', `${key}=${value} is no tag`);
    this.tags.set(name, tags);
  }

  private get(action: string, name: string): Group {
    this.faults.check(action, name);
    const group = this.groups.get(name);
    if (group) return group;
    throw new AwsFailure(action, name, 'ResourceNotFound', 'The specified log group does not exist.');
  }
}
