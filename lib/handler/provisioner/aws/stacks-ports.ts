/** The stacks of CloudFormation. Fails with an AwsFailure. */
export interface Stacks {
  /** The status of a stack, such as `UPDATE_ROLLBACK_IN_PROGRESS`. */
  status(stackId: string): Promise<string>;
}
