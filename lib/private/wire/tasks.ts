import type {
  AccessKeyProperties,
  LogsUserProperties,
  NetworkPathProperties,
  PrivateLinkTargetsProperties,
} from './resources';

/**
 * A scheduled task, which EventBridge sends to the provisioner.
 *
 * The input of a rule is limited to 8,192 characters. Scalars of properties are strings, as in a custom resource, so that one parser
 * reads both.
 */
export interface ScheduledTask {
  readonly datafoldTask: 'reconcile' | 'rotate-access-key' | 'renew-data-sources' | 'register-targets';
  /** The stack and the logical id of the custom resource that the task belongs to. */
  readonly stackId: string;
  readonly logicalResourceId: string;
  /** The properties of that custom resource. */
  readonly properties: object;
}

/** Inspects the server for drift since the last deployment, and repairs or only reports it. */
export interface ReconcileTask extends ScheduledTask {
  readonly datafoldTask: 'reconcile';
  readonly repair: 'true' | 'false';
  /** The dimension `Server` of the metrics. */
  readonly serverName: string;
  /** The custom resource that turns on the statement log through the RDS API, if there is one. */
  readonly statementLogging?: { readonly logicalResourceId: string; readonly properties: object };
  /** The custom resource that manages only the log group, if there is one. */
  readonly logGroup?: { readonly logicalResourceId: string; readonly properties: object };
  /** The IAM users of the same stack whose access keys read the statement log. */
  readonly logsUsers?: readonly LogsUserProperties[];
  /** The network path of Datafold, if the app declares one in this stack. */
  readonly network?: NetworkPathProperties;
  /** Whether the password of the role is rotated. Default: false. */
  readonly rotatesPassword?: 'true' | 'false';
}

/** Rotates the access key of a logs user when it is due. */
export interface RotateAccessKeyTask extends ScheduledTask {
  readonly datafoldTask: 'rotate-access-key';
  readonly properties: AccessKeyProperties;
  /** In days, as `overlap` and `grace`: the age at which a key is replaced; how long the old key stays active; how long it is kept. */
  readonly every: string;
  readonly overlap: string;
  readonly grace: string;
  /** The secrets of the data sources that contain the access key. */
  readonly dataSourceSecretArns: readonly string[];
  /** The topic for notices. */
  readonly topicArn?: string;
}

/** Copies an access key or a password that another stack has rotated into the data sources of this stack. */
export interface RenewDataSourcesTask extends ScheduledTask {
  readonly datafoldTask: 'renew-data-sources';
  readonly properties: { readonly accessKeySecretArn?: string; readonly passwordSecretArn?: string };
  readonly dataSourceSecretArns: readonly string[];
  readonly topicArn?: string;
}

/** Registers the address of the writer with a load balancer if it has changed. */
export interface RegisterTargetsTask extends ScheduledTask {
  readonly datafoldTask: 'register-targets';
  readonly properties: PrivateLinkTargetsProperties;
  /** Repeats the check for some minutes after an RDS event, since names may still resolve to the previous address. Absent: one check. */
  readonly repeat?: 'true';
}
