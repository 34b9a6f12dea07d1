import type { Networks } from './network-ports';
import type { EndpointServices, Names, TargetGroups } from './private-link-ports';
import type { Stacks } from '../runtime/stacks-ports';
import type { Rds, Tags } from './rds-ports';

/** The AWS calls of the provisioner. Every method throws AwsFailure. */

export interface AccessKeyId {
  readonly accessKeyId: string;
  readonly active: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** An access key with its secret part. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Users of IAM and their access keys. */
export interface Iam {
  /** The ARNs of the managed policies. */
  listAttachedUserPolicies(userName: string): Promise<readonly string[]>;
  listAccessKeys(userName: string): Promise<readonly AccessKeyId[]>;
  createAccessKey(userName: string): Promise<AccessKey>;
  deactivateAccessKey(userName: string, accessKeyId: string): Promise<void>;
  deleteAccessKey(userName: string, accessKeyId: string): Promise<void>;
}

/** The staging label of a version of a secret. */
export type SecretStage = 'AWSCURRENT' | 'AWSPREVIOUS' | 'DATAFOLD_PENDING';

/** Secrets Manager; a secret is given by its ARN or name. */
export interface Secrets {
  /** Reads a secret. Throws ResourceNotFound without a secret, a value or the stage. */
  read(secret: string, stage?: SecretStage): Promise<string>;
  write(secret: string, text: string, stage?: SecretStage): Promise<void>;
}

/** The Parameter Store of Systems Manager. */
export interface Parameters {
  /** Reads the value of a parameter of Systems Manager. Throws ParameterNotFound without one. */
  read(name: string): Promise<string>;
}

/** A log group as CloudWatch Logs describes it. */
export interface LogGroupState {
  /** Undefined: events never expire. */
  readonly retentionInDays?: number;
  readonly kmsKeyArn?: string;
  /** Set at creation and never changed. Undefined: STANDARD. */
  readonly logGroupClass?: string;
}

/** Log groups of CloudWatch Logs. */
export interface Logs {
  /** Returns undefined if the group does not exist. */
  find(logGroupName: string): Promise<LogGroupState | undefined>;
  create(logGroupName: string, kmsKeyArn?: string, tags?: Tags): Promise<void>;
  /** Without days: events never expire. */
  setRetention(logGroupName: string, days?: number): Promise<void>;
  /** Without a key: the default encryption. */
  setKey(logGroupName: string, kmsKeyArn?: string): Promise<void>;
  /** Returns no tags if the group does not exist. */
  readTags(logGroupName: string): Promise<Tags>;
  tag(logGroupName: string, tags: Tags): Promise<void>;
  untag(logGroupName: string, keys: readonly string[]): Promise<void>;
  /** Returns the data protection policy as JSON, or undefined. */
  readProtection(logGroupName: string): Promise<string | undefined>;
  /** Without a policy: no protection. */
  setProtection(logGroupName: string, policy?: string): Promise<void>;
}

/** The response of a function. */
export interface InvokeAnswer {
  readonly payload: string;
  /** Set if the function threw, crashed or timed out. */
  readonly functionError?: string;
}

/** Functions of Lambda, given by ARN or name. */
export interface Functions {
  /** Invokes the function and waits for its response until the signal is aborted. */
  invoke(name: string, payload: string, signal?: AbortSignal): Promise<InvokeAnswer>;
  /** Invokes the function asynchronously. */
  send(name: string, payload: string): Promise<void>;
}

/** Topics of SNS. */
export interface Notices {
  /** Notifies the subscribers of a topic. */
  publish(topic: string, subject: string, text: string): Promise<void>;
}

/** All ports. */
export interface AwsPorts {
  readonly iam: Iam;
  readonly iamGroups: IamGroups;
  readonly secrets: Secrets;
  readonly rotation: SecretRotation;
  readonly parameters: Parameters;
  readonly notices: Notices;
  readonly logs: Logs;
  readonly statementLog: StatementLog;
  readonly rds: Rds;
  readonly targetGroups: TargetGroups;
  readonly endpointServices: EndpointServices;
  readonly networks: Networks;
  readonly names: Names;
  readonly functions: Functions;
  readonly stacks: Stacks;
}

/** An IAM group as GetGroup describes it. */
export interface IamGroup {
  readonly path: string;
  /** The users of the first page. */
  readonly userNames: readonly string[];
  /** True if the group has further users. */
  readonly hasMore: boolean;
}

/** The calls for IAM groups. Every method throws AwsFailure. */
export interface IamGroups {
  /** Returns undefined if the group does not exist. */
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

/** The calls of a rotation to Secrets Manager besides reading and writing. Every method throws AwsFailure. */
export interface SecretRotation {
  /** The staging labels of each version, by its id. */
  versions(secret: string): Promise<Readonly<Record<string, readonly string[]>>>;
  tags(secret: string): Promise<Readonly<Record<string, string>>>;
  /** Reads the version with this id and label. Throws ResourceNotFound without a value. */
  readPending(secret: string, versionId: string): Promise<string>;
  /** Writes the version with this id, unless it already has this text. */
  writePending(secret: string, versionId: string, text: string): Promise<void>;
  /** Makes a version the current one instead of `previous`. */
  makeCurrent(secret: string, versionId: string, previous?: string): Promise<void>;
}

/** A search for a line in a log. */
export interface LogQuery {
  /** Undefined: the role of the provisioner. */
  readonly key?: AccessKey;
  readonly region: string;
  readonly logGroupName: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Undefined: any line. */
  readonly text?: string;
  /** The token of the previous page. Undefined: the first page. */
  readonly nextToken?: string;
}

/** A page of a search, which may be empty although more pages follow. */
export interface LogPage {
  /** The time of a matching line. */
  readonly at?: number;
  /** Undefined on the last page. */
  readonly nextToken?: string;
}

/** The statement log, read as Datafold reads it. Every method throws AwsFailure. */
export interface StatementLog {
  page(query: LogQuery): Promise<LogPage>;
}
