import type { IamGroups, Logs } from '../../handler/provisioner/aws/ports';
import type { Networks } from '../../handler/provisioner/aws/network-ports';
import type { Rds } from '../../handler/provisioner/aws/rds-ports';
import type { InitPorts } from '../init';
import type { SqlPorts } from '../inspection/sql-ports';

/** Who calls AWS. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** The user or role in IAM, which can be simulated; undefined for the root user and for a federated user. */
  readonly principalArn?: string;
}

/** What IAM says of an action. */
export interface SimulatedAction {
  readonly action: string;
  readonly isAllowed: boolean;
  /** A policy denies it on all resources; else no policy allows it on all of them, which one with a condition or for some resources may. */
  readonly isDenied?: boolean;
}

/** A log file on an instance. */
export interface LogFile {
  readonly bytes: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenAt: number;
}

/** The calls of a plan, all of which only read. They throw errors whose messages can be shown to the user. */
export interface PlanPorts extends Networks, SqlPorts, Omit<InitPorts, 'keyOfSecret'> {
  readonly rds: Pick<Rds, 'find' | 'findGroup' | 'usersOf' | 'readParameters' | 'tagsOf' | 'networkOf'>;
  readonly logs: Pick<Logs, 'find' | 'readTags'>;
  readonly iamGroups: Pick<IamGroups, 'findGroup' | 'listAttachedGroupPolicies'>;
  caller(): Promise<Caller>;
  /** Whether a role exists. */
  roleExists(roleName: string): Promise<boolean>;
  /** Simulates actions on any resource, or on the named one. */
  simulate(
    principalArn: string,
    actions: readonly string[],
    resource?: string,
  ): Promise<readonly SimulatedAction[]>;
  /** The PostgreSQL log files of an instance. */
  logFiles(instance: string): Promise<readonly LogFile[]>;
}
