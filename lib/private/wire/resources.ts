import type { ACCESS_SETTINGS, EXCLUSION_SETTINGS, LOGGING_SETTINGS, Wire } from './settings';

/**
 * What the constructs write into a template and the provisioner reads from a CloudFormation event.
 *
 * CloudFormation hands every scalar over as a string, so scalars are strings here; the provisioner parses them once,
 * at its edge. A property may be added, never renamed or reinterpreted: events of older releases stay valid forever.
 */

/** The custom-resource types of this library, dispatched on by the provisioner. */
export type ResourceType =
  | 'Custom::DatafoldDatabaseAccess'
  | 'Custom::DatafoldAccessKey'
  | 'Custom::DatafoldLogsUserGroup'
  | 'Custom::DatafoldDataSource'
  | 'Custom::DatafoldLogGroup'
  | 'Custom::DatafoldStatementLogging'
  | 'Custom::DatafoldLogExclusions'
  | 'Custom::DatafoldRegistration'
  | 'Custom::DatafoldPasswordRotation'
  | 'Custom::DatafoldLineageProof'
  | 'Custom::DatafoldPrivateLinkTargets'
  | 'Custom::DatafoldEndpointService';

/** A boolean as it arrives from CloudFormation. */
type Flag = 'true' | 'false';

/** Where a PostgreSQL server listens and how its certificate is checked. */
export interface ServerProperties {
  /** Absent where `lookup` says whom to ask RDS for. */
  readonly host?: string;
  readonly lookup?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  readonly port: string;
  /** `verify-full` unless the user turned TLS off. */
  readonly tls: 'verify-full' | 'disable';
  /** PEM certificates to trust instead of those of the runtime. */
  readonly caCertificate?: string;
  /** Which resource of the app the server is, if any: one that CloudFormation replaces is still the same resource. */
  readonly resource?: string;
}

/** The grants wanted in one database. Without `schemas`: all that a person would expect. */
interface DatabaseProperties {
  readonly databaseName: string;
  readonly schemas?: readonly string[];
  readonly excludeSchemas?: readonly string[];
  readonly excludeTables?: readonly string[];
}

/** Role, password, temp schema and grants on one server. */
export interface DatabaseAccessProperties extends Wire<typeof ACCESS_SETTINGS> {
  /** Name or ARN of the sql-runner in the server's network. */
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  /** Absent where a DBA runs the SQL. */
  readonly adminSecretArn?: string;
  /** False: a DBA runs the SQL, the provisioner only logs in as the role and verifies. */
  readonly manageRole?: Flag;
  /** The secret whose whole value is the role's password. */
  readonly passwordSecretArn: string;
  /** The user named the secret: the password of a role that exists already is never replaced. Absent: false. */
  readonly passwordIsGiven?: Flag;
  readonly databases: readonly DatabaseProperties[];
  /** Where RDS exports the statement log to; absent for a server without such a log. */
  readonly statementLog?: {
    readonly kind: 'cluster' | 'instance';
    readonly identifier: string;
    readonly logGroupName: string;
  };
  /** The instances that wait for a reboot, so that the verification is asked for again when they have had it. Never read. */
  readonly pendingReboot?: string;
}

/** What a rotation of the role's password has to know; kept in the password's secret, in a version with a label of its own. */
export interface PasswordRotationProperties {
  readonly access: DatabaseAccessProperties;
  /** The data sources that hold the password. */
  readonly dataSourceSecretArns: readonly string[];
  /** Who is told. */
  readonly topicArn?: string;
  /**
   * The key of the secret, so that a change of it has this written again: Secrets Manager moves only versions with a label of
   * its own to another key. Not read by the provisioner. Absent for the key of AWS, and in events of old releases.
   */
  readonly secretKeyArn?: string;
}

/** The IAM user whose access key Datafold gets. */
export interface LogsUserProperties {
  readonly userName: string;
  /** The managed policy that limits what the user may do: without it, the user gets no key and joins no group. */
  readonly userPolicyArn: string;
}

/** An access key of an IAM user, kept in a secret as `{"accessKeyId": …, "secretAccessKey": …}`. */
export interface AccessKeyProperties extends LogsUserProperties {
  readonly secretArn: string;
  /** The KMS key of the secret: a change of it has the version with a label of ours written again. Absent for the key of AWS. */
  readonly secretKeyArn?: string;
}

/** The membership of the logs user in the IAM group of Datafold's guide, which is made where it does not exist. */
export interface LogsUserGroupProperties extends LogsUserProperties {
  readonly groupName: string;
  /** The managed policy of the group; a group that somebody else made is left as it is. */
  readonly policyArn: string;
}

/** The body of `POST /api/v1/data_sources`, assembled in a secret. */
export interface DataSourceProperties {
  readonly secretArn: string;
  readonly passwordSecretArn: string;
  /** Absent where Datafold reads no statement log. */
  readonly accessKeySecretArn?: string;
  /**
   * Which key it is, so that an update that brings another key into the same secret (of another user, or of one that was
   * deleted by hand and made again) reaches this resource too. Not read by the provisioner. Absent for a logs user of another stack.
   */
  readonly accessKeyId?: string;
  readonly type: 'pg' | 'postgres_aurora' | 'postgres_aws_rds';
  readonly name: string;
  readonly tempSchema: string;
  readonly host: string;
  readonly port: string;
  /** Absent: none. */
  readonly keepAliveSeconds?: string;
  readonly user: string;
  readonly databaseName: string;
  readonly sslMode: string;
  readonly rootCertificate?: string;
  /**
   * In place of a `rootCertificate`: those of the authorities of RDS in the region. Where they are not known, `rds` fails and
   * `rds-if-known` makes the `sslMode` `require`.
   */
  readonly authorities?: 'rds' | 'rds-if-known';
  readonly region?: string;
  readonly logGroupName?: string;
}

/** A data source in Datafold itself, made with its API from the value of a data source's secret. */
export interface RegistrationProperties {
  /** Where Datafold is: `https://app.datafold.com`. */
  readonly host: string;
  /** The secret whose whole value is the API key, or a JSON object with `apiKey`. */
  readonly apiKeySecretArn: string;
  /** What becomes of the deployment when the data source in Datafold is of no use. */
  readonly onProblem: 'fail' | 'warn';
  /** What the data source's secret is put together from, so that a change of it is noticed. */
  readonly source: DataSourceProperties;
}

/** A statement of Datafold's role, found in the statement log with the access key that Datafold gets. */
export interface LineageProofProperties {
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  /** Login, temp schema, log group and access key are those in it. */
  readonly dataSourceSecretArn: string;
  /** Whom to ask RDS for where the statement does not arrive. */
  readonly statementLog: NonNullable<DatabaseAccessProperties['statementLog']>;
  /** The instances that wait for a reboot, so that the proof is asked for again when they have had it. Never read. */
  readonly pendingReboot?: string;
  /** The key works from some addresses only; the provisioner may read the log itself. Absent: false. */
  readonly keyHasSourceIps?: Flag;
}

/** Retention (and key) of a log group that RDS may have made first. */
export interface LogGroupProperties {
  readonly logGroupName: string;
  readonly retentionInDays?: string;
  /** Absent in events of old releases: false. */
  readonly shortenRetention?: Flag;
  readonly kmsKeyArn?: string;
  readonly maskedDataIdentifiers?: readonly string[];
  /** Which resource of the app the server is whose log it is, if any: one that CloudFormation replaces is still the same. */
  readonly serverResource?: string;
  /** For the log group, where it is made. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Statement logging of a server that this app does not define, switched on and put back through the API of RDS. */
export interface StatementLoggingProperties extends Wire<typeof LOGGING_SETTINGS> {
  readonly kind: 'cluster' | 'instance';
  readonly identifier: string;
  /** The name for a group that has to be made: unique in the account and region, stable for the stack. */
  readonly newGroupName: string;
  readonly retentionInDays?: string;
  readonly shortenRetention: Flag;
  readonly kmsKeyArn?: string;
  /** CloudWatch data identifiers to mask, as ARNs. */
  readonly maskedDataIdentifiers?: readonly string[];
  /** For the parameter group and the log group, where they are made. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Roles and databases of a server that are kept out of its statement log. */
export interface LogExclusionsProperties extends Wire<typeof EXCLUSION_SETTINGS> {
  readonly sqlRunner: string;
  readonly server: ServerProperties;
  readonly adminSecretArn: string;
}

/** The targets of a load balancer that leads to the writer of a server. */
export interface PrivateLinkTargetsProperties {
  readonly targetGroupArn: string;
  /** Only addresses of this VPC are registered. */
  readonly vpcId: string;
  readonly server: ServerProperties;
  /** Whom to ask RDS for the writer; absent for a server that RDS does not know. */
  readonly rds?: { readonly kind: 'cluster' | 'instance'; readonly identifier: string };
  /** Resolves the name of a publicly accessible server to its address in the VPC. */
  readonly sqlRunner: string;
}

/** An endpoint service whose connections are rejected before it is deleted. */
export interface EndpointServiceProperties {
  readonly serviceId: string;
}
