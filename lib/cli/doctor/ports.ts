import type { LogGroupState } from '../../handler/provisioner/aws/ports';
import type { ServerName, ServerState, Setting } from '../../handler/provisioner/aws/rds-ports';
import type { DatabaseReport, VerifyRequest } from '../../private/wire/sql';

/** A stack as CloudFormation knows it. */
export interface StackFacts {
  readonly name: string;
  readonly status: string;
  readonly resources: readonly StackResource[];
  /** The template, where it is JSON. */
  readonly template?: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A resource of the stack, as it was made. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** An access key for the statement log. */
export interface LogKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** How an attempt to run the verification ended. */
export type Attempt =
  | { readonly reached: true; readonly databases: readonly DatabaseReport[] }
  | { readonly reached: true; readonly error: string }
  /** Not from here: another way may do. */
  | { readonly reached: false; readonly because: string };

/** What the doctor asks of the world. Failures are thrown with a message for a person. */
export interface DoctorPorts {
  /** Undefined where there is no such stack. */
  findStack(name: string): Promise<StackFacts | undefined>;
  /** The stack that a secret says it belongs to. */
  stackOfSecret(secret: string): Promise<string | undefined>;
  readSecret(secret: string): Promise<string>;
  findServer(server: ServerName): Promise<ServerState | undefined>;
  readParameter(server: ServerName, group: string, name: string): Promise<Setting | undefined>;
  findLogGroup(name: string): Promise<LogGroupState | undefined>;
  /** Reads the log as Datafold does, with nothing but the key. */
  readLog(key: LogKey, logGroupName: string): Promise<void>;
  verifyFromHere(request: VerifyRequest): Promise<Attempt>;
  verifyByFunction(functionName: string, request: VerifyRequest): Promise<Attempt>;
}
