/** A stack as CloudFormation describes it. */
export interface StackState {
  /** Such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
  readonly status: string;
  /** When the stack was last created, updated or deleted, in milliseconds since 1970; undefined where nobody may ask. */
  readonly changedAt?: number;
}

/** A resource of a stack as CloudFormation describes it. */
export interface StackResourceState {
  /** Of a resource that is replaced: that of its replacement. */
  readonly physicalId: string;
  readonly status: string;
  /** When the status was last written, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** The stacks of CloudFormation. Fails with an AwsFailure. */
export interface Stacks {
  /** The status of a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
  status(stackId: string): Promise<string>;
  /** Undefined where there is no such stack. */
  find(stackId: string): Promise<StackState | undefined>;
  /** Undefined where the stack has no such resource. */
  findResource(stackId: string, logicalResourceId: string): Promise<StackResourceState | undefined>;
  /** The tags that a stack has. */
  tags(stackId: string): Promise<Readonly<Record<string, string>>>;
  /** The newest status of a resource under a physical id, such as `DELETE_IN_PROGRESS`; undefined where no event names it. */
  resourceStatus(stackId: string, logicalId: string, physicalId: string): Promise<string | undefined>;
}
