import type { EndpointServices, Names, TargetGroups } from './private-link-ports';
import type { Stacks } from '../runtime/stacks-ports';
import type { Rds, Tags } from './rds-ports';

/** What the provisioner asks of AWS. Every method fails with an AwsFailure. */

export interface AccessKeyId {
  readonly accessKeyId: string;
  readonly active: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Iam {
  /** The ARNs of the managed policies. */
  listAttachedUserPolicies(userName: string): Promise<readonly string[]>;
  listAccessKeys(userName: string): Promise<readonly AccessKeyId[]>;
  createAccessKey(userName: string): Promise<AccessKey>;
  deactivateAccessKey(userName: string, accessKeyId: string): Promise<void>;
  deleteAccessKey(userName: string, accessKeyId: string): Promise<void>;
}

/** Names the version of a secret by its staging label. */
export type SecretStage = 'AWSCURRENT' | 'AWSPREVIOUS' | 'DATAFOLD_PENDING' | 'DATAFOLD_ROTATION';

export interface Secrets {
  /** The text of a secret; fails with ResourceNotFound where there is no secret, no value or no such stage. */
  read(secret: string, stage?: SecretStage): Promise<string>;
  write(secret: string, text: string, stage?: SecretStage): Promise<void>;
}

export interface LogGroupState {
  /** Absent: events never expire. */
  readonly retentionInDays?: number;
  readonly kmsKeyArn?: string;
  /** Chosen as the group is made, for good. Absent: STANDARD. */
  readonly logGroupClass?: string;
}

export interface Logs {
  /** Undefined where there is no such group. */
  find(logGroupName: string): Promise<LogGroupState | undefined>;
  create(logGroupName: string, kmsKeyArn?: string, tags?: Tags): Promise<void>;
  /** Without days: events never expire. */
  setRetention(logGroupName: string, days?: number): Promise<void>;
  /** Without a key: the default encryption. */
  setKey(logGroupName: string, kmsKeyArn?: string): Promise<void>;
  /** None where there is no such group. */
  readTags(logGroupName: string): Promise<Tags>;
  tag(logGroupName: string, tags: Tags): Promise<void>;
  untag(logGroupName: string, keys: readonly string[]): Promise<void>;
  /** The data protection policy, as JSON; undefined where there is none. */
  readProtection(logGroupName: string): Promise<string | undefined>;
  /** Without a policy: no protection. */
  setProtection(logGroupName: string, policy?: string): Promise<void>;
}

export interface InvokeAnswer {
  readonly payload: string;
  /** Set where the function threw, crashed or timed out. */
  readonly functionError?: string;
}

export interface Functions {
  /** Waits for the function's answer, until the signal is aborted. */
  invoke(name: string, payload: string, signal?: AbortSignal): Promise<InvokeAnswer>;
  /** Hands the event over and does not wait. */
  send(name: string, payload: string): Promise<void>;
}

export interface Notices {
  /** Tells the subscribers of a topic. */
  publish(topic: string, subject: string, text: string): Promise<void>;
}

export interface AwsPorts {
  readonly iam: Iam;
  readonly iamGroups: IamGroups;
  readonly secrets: Secrets;
  readonly rotation: SecretRotation;
  readonly notices: Notices;
  readonly logs: Logs;
  readonly statementLog: StatementLog;
  readonly rds: Rds;
  readonly targetGroups: TargetGroups;
  readonly endpointServices: EndpointServices;
  readonly names: Names;
  readonly functions: Functions;
  readonly stacks: Stacks;
}

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

/** What a rotation asks of Secrets Manager beyond reading and writing. Every method fails with an AwsFailure. */
export interface SecretRotation {
  /** The staging labels of each version, by its id. */
  versions(secret: string): Promise<Readonly<Record<string, readonly string[]>>>;
  tags(secret: string): Promise<Readonly<Record<string, string>>>;
  /** The text of the version with this id and label; fails with ResourceNotFound where it has none yet. */
  readPending(secret: string, versionId: string): Promise<string>;
  /** Writes the version with this id; does nothing where it has this text already. */
  writePending(secret: string, versionId: string, text: string): Promise<void>;
  /** Makes a version the current one, in place of another. */
  makeCurrent(secret: string, versionId: string, former?: string): Promise<void>;
}

/** Where to look for a line, and as whom. */
export interface LogQuery {
  /** Absent: the provisioner itself. */
  readonly key?: AccessKey;
  readonly region: string;
  readonly logGroupName: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Absent: any line. */
  readonly text?: string;
  /** What the page before says. Absent: the first page. */
  readonly nextToken?: string;
}

/** A part of a log that was looked through: it may be empty although there are more. */
export interface LogPage {
  /** When a line was written that fits. */
  readonly at?: number;
  /** Absent: this is the last page. */
  readonly nextToken?: string;
}

/** The statement log, read as Datafold reads it. Fails with an AwsFailure. */
export interface StatementLog {
  page(query: LogQuery): Promise<LogPage>;
}
