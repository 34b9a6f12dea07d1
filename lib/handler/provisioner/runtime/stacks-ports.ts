/** A stack as CloudFormation describes it. */
export interface StackState {
  /** Such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
  readonly status: string;
  /** When the stack was last created, updated or deleted, in milliseconds since 1970; undefined without the permission. */
  readonly changedAt?: number;
}

/** A resource of a stack as CloudFormation describes it. */
export interface StackResourceState {
  /** The physical id; during a replacement, that of the new resource. */
  readonly physicalId: string;
  readonly status: string;
  /** When the status was last written, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** The stacks of CloudFormation. Every method throws AwsFailure. */
export interface Stacks {
  /** Returns the status of a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
  status(stackId: string): Promise<string>;
  /** Returns undefined if the stack does not exist. */
  find(stackId: string): Promise<StackState | undefined>;
  /** Returns undefined if the stack has no such resource. */
  findResource(stackId: string, logicalResourceId: string): Promise<StackResourceState | undefined>;
  /** Returns the tags of a stack. */
  tags(stackId: string): Promise<Readonly<Record<string, string>>>;
  /** Returns the newest status of a resource under a physical id, such as `DELETE_IN_PROGRESS`; undefined if no event names the id. */
  resourceStatus(stackId: string, logicalId: string, physicalId: string): Promise<string | undefined>;
}
