/** An IAM group as far as GetGroup describes it. */
export interface IamGroup {
  readonly path: string;
  /** Those of the first page. */
  readonly userNames: readonly string[];
  /** True where there are further users. */
  readonly hasMore: boolean;
}

/** What the provisioner asks of IAM about groups. Every method fails with an AwsFailure. */
export interface IamGroups {
  /** Undefined where there is no group of that name. */
  findGroup(groupName: string): Promise<IamGroup | undefined>;
  createGroup(groupName: string, path: string): Promise<void>;
  deleteGroup(groupName: string): Promise<void>;
  /** The ARNs of the managed policies. */
  listAttachedGroupPolicies(groupName: string): Promise<readonly string[]>;
  attachGroupPolicy(groupName: string, policyArn: string): Promise<void>;
  detachGroupPolicy(groupName: string, policyArn: string): Promise<void>;
  addUserToGroup(groupName: string, userName: string): Promise<void>;
  removeUserFromGroup(groupName: string, userName: string): Promise<void>;
}
