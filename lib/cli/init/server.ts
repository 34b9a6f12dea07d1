import type { ServerName } from '../../handler/provisioner/aws/rds-ports';

/** A subnet with its Availability Zone. */
interface Subnet {
  readonly id: string;
  readonly zone: string;
}

/** A secret with the login of an administrator. */
interface AdminSecret {
  readonly arn: string;
  /** The customer managed key of the secret, if it has one. */
  readonly keyArn?: string;
}

/** A PostgreSQL server of Aurora or RDS, with what an app needs to know about it. */
export interface FoundServer extends ServerName {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Such as `Aurora PostgreSQL 16.4`. */
  readonly engine: string;
  readonly status: string;
  /** Why the server is not supported, as a sentence without its period; undefined if it is. */
  readonly unsupported?: string;
  readonly parameterGroup: string;
  readonly exportsLog: boolean;
  /** Undefined for a cluster without instances. */
  readonly isPublic?: boolean;
  /** The secret that RDS manages. */
  readonly adminSecret?: AdminSecret;
  /** The database that was made with the server. */
  readonly databaseName?: string;
  readonly port: number;
  /** The name of the subnet group, which has VPC and subnets. */
  readonly subnetGroup?: string;
  /** Undefined if RDS has not described the subnet group with the server. */
  readonly vpcId?: string;
  readonly subnets: readonly Subnet[];
  readonly securityGroups: readonly string[];
}
