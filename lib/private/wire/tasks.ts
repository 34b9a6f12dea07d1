/**
 * What EventBridge sends to the provisioner on a schedule, beside the events of CloudFormation.
 *
 * The input of a rule: at most 8,192 characters. Scalars of properties are strings, as in a custom resource, so that the
 * same parser reads both.
 */
export interface ScheduledTask {
  readonly datafoldTask: 'reconcile' | 'rotate-access-key';
  /** The custom resource that the task is for: the same owner. */
  readonly stackId: string;
  readonly logicalResourceId: string;
  /** The properties of that custom resource. */
  readonly properties: object;
}

/** Looks whether all is as the deployment left it, and repairs it or only says so. */
export interface ReconcileTask extends ScheduledTask {
  readonly datafoldTask: 'reconcile';
  readonly repair: 'true' | 'false';
  /** The dimension `Server` of the metrics. */
  readonly serverName: string;
}
