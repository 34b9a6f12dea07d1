import type { IamGroups } from './iam-group-ports';
import type { Rds, Tags } from './rds-ports';
import type { SecretRotation } from './rotation-ports';
import type { Stacks } from '../runtime/stacks-ports';
import type { StatementLog } from './statement-log-ports';

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
  readonly functions: Functions;
  readonly stacks: Stacks;
}
