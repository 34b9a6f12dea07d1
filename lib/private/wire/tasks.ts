import type { AccessKeyProperties, LogsUserProperties, PrivateLinkTargetsProperties } from './resources';

/**
 * What EventBridge sends to the provisioner on a schedule, beside the events of CloudFormation.
 *
 * The input of a rule: at most 8,192 characters. Scalars of properties are strings, as in a custom resource, so that the
 * same parser reads both.
 */
export interface ScheduledTask {
  readonly datafoldTask: 'reconcile' | 'rotate-access-key' | 'renew-data-sources' | 'register-targets';
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
  /** Where the statement log is switched on through the API of RDS: that custom resource and its properties. */
  readonly statementLogging?: { readonly logicalResourceId: string; readonly properties: object };
  /** Where only the log group is set up by a custom resource: that one. */
  readonly logGroup?: { readonly logicalResourceId: string; readonly properties: object };
  /** The IAM users of the same stack whose access keys read the statement log. */
  readonly logsUsers?: readonly LogsUserProperties[];
}

/** Replaces the access key of a logs user when its time has come. */
export interface RotateAccessKeyTask extends ScheduledTask {
  readonly datafoldTask: 'rotate-access-key';
  readonly properties: AccessKeyProperties;
  /** All three in days: the age at which a key is replaced; how long the old one still works; how long it is still there. */
  readonly every: string;
  readonly overlap: string;
  readonly grace: string;
  /** The data sources that hold the key. */
  readonly dataSourceSecretArns: readonly string[];
  /** Who is told. */
  readonly topicArn?: string;
}

/** Brings an access key or a password that another stack has replaced into the data sources of this one. */
export interface RenewDataSourcesTask extends ScheduledTask {
  readonly datafoldTask: 'renew-data-sources';
  readonly properties: { readonly accessKeySecretArn?: string; readonly passwordSecretArn?: string };
  readonly dataSourceSecretArns: readonly string[];
  readonly topicArn?: string;
}

/** Registers the address of the writer with a load balancer, where it is another one. */
export interface RegisterTargetsTask extends ScheduledTask {
  readonly datafoldTask: 'register-targets';
  readonly properties: PrivateLinkTargetsProperties;
  /** After an event of RDS: names may be resolved to the previous address for some minutes. Absent: one look. */
  readonly goOnLooking?: 'true';
}
