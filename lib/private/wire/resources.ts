import type {
  ACCESS_SETTINGS,
  EXCLUSION_SETTINGS,
  LOG_GROUP_SETTINGS,
  LOGGING_SETTINGS,
  Wire,
} from './settings';

/**
 * The properties of the custom resources, which the constructs write into a template and the provisioner reads from an event.
 *
 * CloudFormation passes every scalar as a string, so scalars are strings here; the provisioner parses them once. Properties may be
 * added, but never renamed or reinterpreted: events of older releases stay valid forever.
 */

/** The types of the custom resources of this library, by which the provisioner selects a handler. */
export type ResourceType =
  | 'Custom::DatafoldDatabaseAccess'
  | 'Custom::DatafoldAccessKey'
  | 'Custom::DatafoldLogsUserGroup'
  | 'Custom::DatafoldDataSource'
  | 'Custom::DatafoldLogGroup'
  | 'Custom::DatafoldStatementLogging'
  | 'Custom::DatafoldLogExclusions'
  | 'Custom::DatafoldRegistration'
  | 'Custom::DatafoldLineageProof'
  | 'Custom::DatafoldPrivateLinkTargets'
  | 'Custom::DatafoldEndpointService'
  | 'Custom::DatafoldAllowlist';

/** A boolean as it arrives from CloudFormation. */
type Flag = 'true' | 'false';

/** The address of a PostgreSQL server, and how its certificate is verified. */
export interface ServerProperties {
  /** The host name; absent if it is looked up in RDS with `lookup`. */
  readonly host?: string;
  readonly lookup?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  readonly port: string;
  /** `verify-full` unless the user disables TLS. */
  readonly tls: 'verify-full' | 'disable';
  /** PEM certificates to trust instead of those of the runtime. */
  readonly caCertificate?: string;
  /** Identifies the server's resource in the app, if there is one; unchanged when CloudFormation replaces the resource. */
  readonly resource?: string;
}

/** The desired grants in one database; without `schemas`, on all schemas except those of PostgreSQL, of extensions and of RDS. */
interface DatabaseProperties {
  readonly databaseName: string;
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  readonly excludeTables?: readonly string[];
}

/** The role, password, temp schema and grants on one server. */
export interface DatabaseAccessProperties extends Wire<typeof ACCESS_SETTINGS> {
  /** The name or ARN of the sql-runner in the server's network. */
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  /** Absent if a DBA runs the SQL. */
  readonly adminSecretArn?: string;
  /** False if a DBA runs the SQL; the provisioner then only logs in as the role and verifies. */
  readonly manageRole?: Flag;
  /** The secret whose whole value is the role's password. */
  readonly passwordSecretArn: string;
  /** Whether the user named the secret; the password of an existing role is then never replaced. Default: false. */
  readonly passwordIsGiven?: Flag;
  readonly databases: readonly DatabaseProperties[];
  /** The log group that RDS exports the statement log to; absent for a server without such a log. */
  readonly statementLog?: {
    readonly kind: 'cluster' | 'instance';
    readonly identifier: string;
    readonly logGroupName: string;
  };
  /** The instances that wait for a reboot. Never read; a change makes CloudFormation run the verification again. */
  readonly pendingReboot?: string;
}

/** The IAM user whose access key Datafold uses. */
export interface LogsUserProperties {
  readonly userName: string;
  /** The managed policy that limits the user; while it is not attached, the user gets no access key and joins no group. */
  readonly userPolicyArn: string;
}

/** An access key of an IAM user, stored in a secret as `{"accessKeyId": …, "secretAccessKey": …}`. */
export interface AccessKeyProperties extends LogsUserProperties {
  readonly secretArn: string;
  /** The KMS key of the secret; a change makes the provisioner write its labeled version again. Absent for the AWS managed key. */
  readonly secretKeyArn?: string;
}

/** The membership of the logs user in the IAM group of Datafold's guide, which is created if it does not exist. */
export interface LogsUserGroupProperties extends LogsUserProperties {
  readonly groupName: string;
  /** The managed policy of the group; a group that was created by hand is not changed. */
  readonly policyArn: string;
}

/** The body of `POST /api/v1/data_sources`, assembled in a secret. */
export interface DataSourceProperties {
  readonly secretArn: string;
  readonly passwordSecretArn: string;
  /** Absent if Datafold reads no statement log. */
  readonly accessKeySecretArn?: string;
  /**
   * The id of the access key; absent for a logs user of another stack.
   *
   * Never read; a change makes CloudFormation update the data source when the secret gets another key (of another user, or of a
   * user that was deleted by hand and created again).
   */
  readonly accessKeyId?: string;
  readonly type: 'pg' | 'postgres_aurora' | 'postgres_aws_rds';
  readonly name: string;
  readonly tempSchema: string;
  readonly host: string;
  readonly port: string;
  /** Absent if no keepalive is needed. */
  readonly keepAliveSeconds?: string;
  readonly user: string;
  readonly databaseName: string;
  readonly sslMode: string;
  readonly rootCertificate?: string;
  /**
   * Uses the certificate authorities of RDS in the region instead of a `rootCertificate`.
   *
   * If those of the region are not known, `rds` fails and `rds-if-known` sets `sslMode` to `require`.
   */
  readonly authorities?: 'rds' | 'rds-if-known';
  readonly region?: string;
  readonly logGroupName?: string;
}

/** A data source in Datafold, created with its API from the value of a data source's secret. */
export interface RegistrationProperties {
  /** The URL of Datafold, such as `https://app.datafold.com`. */
  readonly host: string;
  /** The secret whose whole value is the API key, or a JSON object with `apiKey`. */
  readonly apiKeySecretArn: string;
  /** Whether the deployment fails if the data source in Datafold does not work. */
  readonly onProblem: 'fail' | 'warn';
  /** The properties of the data source's secret, so that a change of them updates the registration too. */
  readonly source: DataSourceProperties;
}

/** Runs a statement as Datafold's role, and searches for it in the statement log with Datafold's access key. */
export interface LineageProofProperties {
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  /** The secret with the login, the temp schema, the log group and the access key to use. */
  readonly dataSourceSecretArn: string;
  /** The server to inspect in RDS if the statement does not arrive. */
  readonly statementLog: NonNullable<DatabaseAccessProperties['statementLog']>;
  /** The instances that wait for a reboot. Never read; a change makes CloudFormation run the check again. */
  readonly pendingReboot?: string;
  /** Whether the key is limited to certain addresses; the provisioner then reads the log itself. Default: false. */
  readonly keyHasSourceIps?: Flag;
}

/** The retention, key and masking of a log group that RDS may have created first. */
export interface LogGroupProperties extends Partial<Wire<typeof LOG_GROUP_SETTINGS>> {
  readonly logGroupName: string;
  /** Identifies the resource of the log's server in the app, if any; unchanged when CloudFormation replaces the resource. */
  readonly serverResource?: string;
  /** The tags of a log group that is created. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The statement logging of an imported server, turned on and restored through the RDS API. */
export interface StatementLoggingProperties
  extends Wire<typeof LOGGING_SETTINGS>, Partial<Wire<typeof LOG_GROUP_SETTINGS>> {
  readonly kind: 'cluster' | 'instance';
  readonly identifier: string;
  /** The name of a parameter group that is created: unique in the account and region, stable for the stack. */
  readonly newGroupName: string;
  /** The tags of a parameter group and a log group that are created. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The roles and databases of a server whose statements are not logged. */
export interface LogExclusionsProperties extends Wire<typeof EXCLUSION_SETTINGS> {
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  readonly adminSecretArn: string;
}

/** The targets of a load balancer that forwards to the writer of a server. */
export interface PrivateLinkTargetsProperties {
  readonly targetGroupArn: string;
  /** Only addresses of this VPC are registered. */
  readonly vpcId: string;
  readonly server: ServerProperties;
  /** The cluster or instance whose writer is looked up in RDS; absent for any other server. */
  readonly rds?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  /** The sql-runner, which resolves the name of a publicly accessible server to its address in the VPC. */
  readonly sqlRunner: string;
}

/** An endpoint service whose connections are rejected before it is deleted. */
export interface EndpointServiceProperties {
  readonly serviceId: string;
}

/** A publicly accessible server, and the addresses that its security groups let in; a deployment checks that they reach it. */
export interface AllowlistProperties {
  readonly rds: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  readonly port: string;
  /** The IPv4 addresses of Datafold. */
  readonly addresses: readonly string[];
  /** The prefix list with the addresses; absent if each address has its own rule. */
  readonly prefixListId?: string;
  /** The rules, where their number is only known at deployment. Never read; CloudFormation creates them first. */
  readonly rules?: readonly string[];
}

/** The metadata of the custom resource of a role that names the kind of its network path; the doctor reads it. */
export const NETWORK_PATH_METADATA = 'cdk-datafold-postgres:network';

/** `existing`: somebody else provides the path, so nothing can be checked. */
export type NetworkPathKind = 'private-link' | 'allowlist' | 'existing';

/** A network path as a reconciliation inspects it. A declared path cannot be inspected from AWS. */
export type NetworkPathProperties =
  | { readonly kind: 'private-link'; readonly serviceId: string; readonly targetGroupArn: string }
  | { readonly kind: 'allowlist'; readonly allowlist: AllowlistProperties }
  | { readonly kind: 'declared' };
