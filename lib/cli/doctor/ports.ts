import type { LogGroupState } from '../../handler/provisioner/aws/ports';
import type { Networks } from '../../handler/provisioner/aws/network-ports';
import type { EndpointConnection, Target } from '../../handler/provisioner/aws/private-link-ports';
import type {
  Rds,
  ServerEvent,
  ServerName,
  ServerState,
  Setting,
} from '../../handler/provisioner/aws/rds-ports';
import type { SqlPorts } from '../inspection/sql-ports';
import type { VerifyRequest } from '../../private/wire/sql';
import type { DatabaseReport } from '../../private/wire/sql-reports';
import type { EventPage, EventQuery } from './report/read-log';

/** A deployed stack. */
export interface StackFacts {
  readonly name: string;
  readonly status: string;
  readonly resources: readonly StackResource[];
  /** The template, if it is JSON. */
  readonly template?: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A deployed resource. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** An access key for the statement log. */
interface LogKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** The result of an attempt to run the verification. */
export type Attempt =
  | { readonly connected: true; readonly databases: readonly DatabaseReport[] }
  | { readonly connected: true; readonly error: string }
  /** The server could not be reached this way; another one may work. */
  | { readonly connected: false; readonly reason: string };

/** The doctor's calls to AWS and to the server. They throw errors whose messages can be shown to the user. */
export interface DoctorPorts extends Networks, Pick<Rds, 'networkOf'>, Pick<SqlPorts, 'inspectByDataApi'> {
  /** Undefined if the stack does not exist. */
  findStack(name: string): Promise<StackFacts | undefined>;
  /** The stack that a secret is tagged with. */
  stackOfSecret(secret: string): Promise<string | undefined>;
  readSecret(secret: string): Promise<string>;
  /** The value of a parameter of Systems Manager; undefined if it does not exist. */
  findParameter(name: string): Promise<string | undefined>;
  findServer(server: ServerName): Promise<ServerState | undefined>;
  readParameter(server: ServerName, group: string, name: string): Promise<Setting | undefined>;
  findLogGroup(name: string): Promise<LogGroupState | undefined>;
  /** Reads the log with the access key alone, as Datafold does. */
  readLog(key: LogKey, logGroupName: string): Promise<void>;
  /** Reads a page of a log group, in the order of time. */
  readEvents(query: EventQuery): Promise<EventPage>;
  /** The events of RDS of an instance in the last minutes. */
  eventsOf(instance: string, minutes: number): Promise<readonly ServerEvent[]>;
  /** The connections of an endpoint service. */
  connectionsOf(serviceId: string): Promise<readonly EndpointConnection[]>;
  /** The targets of a target group. */
  targetsOf(targetGroupArn: string): Promise<readonly Target[]>;
  /** The ARN of a cluster whose Data API is on; undefined if it is off. */
  dataApiOf(cluster: string): Promise<string | undefined>;
  verifyFromHere(request: VerifyRequest): Promise<Attempt>;
  verifyByFunction(functionName: string, request: VerifyRequest): Promise<Attempt>;
}
